import { type Applied, applyChange } from "../../src/store/apply.ts";
import { readItem } from "../../src/store/items.ts";
import type { Edition } from "../../src/store/keys.ts";
import type { Content, ItemRecord } from "../../src/store/record.ts";
import { toRecord } from "./records.ts";

type Fields = Partial<Omit<ItemRecord, "content">> & Partial<Content>;

const CONTENT_FIELDS = ["headline", "lead", "bodyText", "slugline", "urgency", "link", "edNote", "language"];

/** Gives the item its first revision, or the next one; what is not named stays as it is. */
export async function write(edition: Edition, id: string, fields: Fields = {}): Promise<Applied> {
  const stored = await readItem(edition, id);
  const before = stored?.record;
  const given = Object.entries(fields);
  const content = {
    ...(before?.content ?? toRecord({ id }).content),
    ...Object.fromEntries(given.filter(([name]) => CONTENT_FIELDS.includes(name))),
  };
  const rest = Object.fromEntries(given.filter(([name]) => !CONTENT_FIELDS.includes(name)));
  const next = before === undefined ? {} : { ...before, revision: before.revision + 1 };
  const isPublic = (fields.publicLines ?? before?.publicLines ?? ["main"]).length > 0;
  const after = toRecord({
    ...(isPublic && { publishedAt: "2026-03-04T12:00:00.000Z" }),
    ...next,
    change: before === undefined ? "new" : "update",
    ...rest,
    content: { headline: `Headline of ${id}`, urgency: 5, ...content },
    id,
  });
  return await applyChange(edition, { expected: stored?.write ?? 0, before, after: [after] }, Date.now());
}

async function withdraw(edition: Edition, id: string, change: Partial<ItemRecord>): Promise<Applied> {
  const stored = await readItem(edition, id);
  if (stored === undefined) throw new Error(`there is no ${id}`);
  const { record, write: expected } = stored;
  const after = { ...record, revision: record.revision + 1, publicLines: [], ...change };
  return await applyChange(edition, { expected, before: record, after: [after] }, Date.now());
}

/** Withdraws it for good. */
export async function kill(edition: Edition, id: string): Promise<Applied> {
  return await withdraw(edition, id, { pubStatus: "canceled", content: null });
}

/** Takes it from the readers until an editor releases it. */
export async function hold(edition: Edition, id: string): Promise<Applied> {
  return await withdraw(edition, id, { pubStatus: "withheld" });
}
