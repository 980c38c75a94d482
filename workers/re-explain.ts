import { setImmediate as nextTurn } from "node:timers/promises";
import type { Note } from "../src/contract/draft.ts";
import type { DryRun, FieldDifference, ItemDifference, ItemExplanation } from "../src/contract/dry-run.ts";
import { NewsLineError } from "../src/contract/errors.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import type { Explanation } from "../src/contract/rest.ts";
import { type Delivery, readDelivery, readDeliveryBytes, toDeliveryId } from "../src/store/deliveries.ts";
import { readItem, readItems } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";
import { listRaw } from "../src/store/raw-deliveries.ts";
import { readSource } from "../src/store/sources.ts";
import {
  type ExplainedDocument,
  type ExplainedDraft,
  explain,
  explainDocument,
  type Question,
} from "./explain.ts";
import { judge } from "./versions.ts";

const MOST_DELIVERIES = 50;
/** The caller waits, and so do editors' commands on this worker. */
const MOST_MS = 2_500;
const MOST_DIFFERENCES = 500;
const LONGEST_VALUE = 400;

interface Raw {
  delivery: Delivery;
  bytes: Buffer;
}

async function readRaw(edition: Edition, id: string): Promise<Raw | undefined> {
  const [delivery, bytes] = await Promise.all([readDelivery(edition, id), readDeliveryBytes(edition, id)]);
  return delivery === undefined || bytes === undefined ? undefined : { delivery, bytes };
}

function toQuestion(edition: Edition, { delivery, bytes }: Raw, profile: SourceProfile): Question {
  const { source, receivedAt, contentType, address } = delivery;
  return {
    bytes,
    profile,
    source,
    edition: edition.keys.edition,
    // As if it came now as it came then: a time that lay in the future does so still.
    nowMs: Date.parse(receivedAt),
    ...(contentType !== undefined && { contentType }),
    ...(address !== undefined && { address }),
  };
}

/** Reads a source's last deliveries with its profile and with another one, and tells what differs. */
export async function compareProfiles(
  edition: Edition,
  source: string,
  proposed: SourceProfile,
): Promise<DryRun> {
  const told: DryRun = { source, compared: 0, left: 0, more: false, differences: [] };
  const profile = await readSource(edition, source);
  if (profile === undefined) return told;
  const ids = await listRaw(edition, source, MOST_DELIVERIES);
  const endMs = Date.now() + MOST_MS;
  for (const [at, id] of ids.entries()) {
    if (Date.now() > endMs || told.differences.length >= MOST_DIFFERENCES) {
      return { ...told, left: ids.length - at, more: told.differences.length >= MOST_DIFFERENCES };
    }
    const raw = await readRaw(edition, id);
    if (raw === undefined) continue;
    const before = explainDocument(toQuestion(edition, raw, profile));
    const after = explainDocument(toQuestion(edition, raw, proposed));
    told.compared += 1;
    const differing = compareDocuments(raw.delivery, before, after);
    told.differences.push(...(await withoutKilled(edition, raw.delivery, differing)));
    await nextTurn();
  }
  return { ...told, differences: told.differences.slice(0, MOST_DIFFERENCES) };
}

/** What was withdrawn is shown nowhere again, here neither (KIL4, CAT3). */
async function withoutKilled(
  edition: Edition,
  { outcomes }: Delivery,
  differences: readonly ItemDifference[],
): Promise<ItemDifference[]> {
  const idsOf = ({ id, index }: ItemDifference) =>
    [id, outcomes[index ?? -1]?.id].filter((one) => typeof one === "string");
  const ids = [...new Set(differences.flatMap(idsOf))];
  const items = await readItems(edition, ids);
  const killed = new Set(ids.filter((_, i) => items[i]?.record.pubStatus === "canceled"));
  return differences.filter((one) => !idsOf(one).some((id) => killed.has(id)));
}

function compareDocuments(
  { id: delivery, receivedAt }: Delivery,
  before: ExplainedDocument,
  after: ExplainedDocument,
): ItemDifference[] {
  const whole: FieldDifference[] = [];
  if (before.format !== after.format && after.refused === undefined && before.refused === undefined) {
    whole.push({ field: "format", before: before.format, after: after.format, rule: "the profile's format" });
  }
  if (before.refused?.message !== after.refused?.message) {
    const rule = after.refused === undefined ? `read as ${after.format}` : after.refused.code;
    const told = { before: before.refused?.message, after: after.refused?.message };
    whole.push({ field: "refused", ...dropAbsent(told), rule });
  }
  const items = toPairs(before.drafts, after.drafts).flatMap(([old, now], index): ItemDifference[] => {
    const fields = compareDrafts(old, now);
    const { id, headline } = now?.shown ?? old?.shown ?? {};
    const named = dropAbsent({
      id: typeof id === "string" ? id : undefined,
      headline: typeof headline === "string" ? headline.slice(0, LONGEST_VALUE) : undefined,
    });
    return fields.length === 0 ? [] : [{ delivery, receivedAt, index, ...named, fields }];
  });
  return [...(whole.length > 0 ? [{ delivery, receivedAt, fields: whole }] : []), ...items];
}

type Pair = [before: ExplainedDraft | undefined, after: ExplainedDraft | undefined];

/** The same item in both readings, by its id; what has another id now, by its place. */
function toPairs(before: readonly ExplainedDraft[], after: readonly ExplainedDraft[]): Pair[] {
  const open = new Set(before);
  const find = (draft: ExplainedDraft) => [...open].find((one) => one.shown?.["id"] === draft.shown?.["id"]);
  const matched = after.map((now): Pair => {
    const old = find(now);
    if (old !== undefined) open.delete(old);
    return [old, now];
  });
  const rest = [...open];
  const filled = matched.map(([old, now]): Pair => [old ?? rest.shift(), now]);
  return [...filled, ...rest.map((old): Pair => [old, undefined])];
}

function compareDrafts(
  before: ExplainedDraft | undefined,
  after: ExplainedDraft | undefined,
): FieldDifference[] {
  const old = before?.shown;
  const now = after?.shown;
  if (old === undefined && now === undefined) return [];
  if (old === undefined)
    return [{ field: "item", after: now?.["headline"] ?? now?.["guid"], rule: "read anew" }];
  if (now === undefined)
    return [{ field: "item", before: old["headline"] ?? old["guid"], rule: "read no more" }];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return fields.flatMap((field): FieldDifference[] => {
    if (JSON.stringify(old[field]) === JSON.stringify(now[field])) return [];
    const rule = toRule(field, after?.notes ?? []);
    return [{ field, ...dropAbsent(clip(old[field], now[field])), rule }];
  });
}

function toRule(field: string, notes: readonly Note[]): string {
  const rules = notes.flatMap((note) => (note.field === field ? [note.rule] : []));
  return rules.length === 0 ? "not filled any more" : [...new Set(rules)].join("; ");
}

/** Of long texts the part where they begin to differ. */
function clip(before: unknown, after: unknown): { before?: unknown; after?: unknown } {
  if (typeof before !== "string" || typeof after !== "string") {
    const short = (value: unknown) => (typeof value === "string" ? value.slice(0, LONGEST_VALUE) : value);
    return { before: short(before), after: short(after) };
  }
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  const from = before.length <= LONGEST_VALUE && after.length <= LONGEST_VALUE ? 0 : Math.max(0, at - 60);
  const cut = (text: string) =>
    `${from > 0 ? "… " : ""}${text.slice(from, from + LONGEST_VALUE)}${text.length > from + LONGEST_VALUE ? " …" : ""}`;
  return { before: cut(before), after: cut(after) };
}

function dropAbsent<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
function dropAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A delivery that is kept, as it is read now. */
export async function explainDelivery(edition: Edition, id: string): Promise<Explanation> {
  const raw = await requireRaw(edition, id);
  const explained = explain(toQuestion(edition, raw, await requireProfile(edition, raw.delivery.source)));
  const ids = raw.delivery.outcomes.flatMap(({ id: item }) => item ?? []);
  const items = await readItems(edition, ids);
  if (items.some((item) => item?.record.pubStatus === "canceled")) throw new NewsLineError("killed");
  return explained;
}

/** The version of an item that is shown: which rule gave each of its fields. */
export async function explainItem(edition: Edition, id: string): Promise<ItemExplanation> {
  const stored = await readItem(edition, id);
  if (stored === undefined) throw new NewsLineError("unknown_item");
  const { record } = stored;
  if (record.pubStatus === "canceled") throw new NewsLineError("killed");
  const shown = judge(record.versions, true).shown;
  if (shown === undefined)
    throw new NewsLineError("unknown_delivery", { message: "It came by no delivery." });
  const [arrival, index] = shown.a;
  const raw = await requireRaw(edition, toDeliveryId(arrival));
  const profile = await requireProfile(edition, raw.delivery.source);
  const { format, drafts } = explainDocument(toQuestion(edition, raw, profile));
  const draft = drafts.filter(({ noticeOnly }) => !noticeOnly)[index];
  if (draft?.shown === undefined) {
    throw new NewsLineError("unknown_delivery", { message: "Its delivery is read in another way by now." });
  }
  const { id: delivery, receivedAt } = raw.delivery;
  return { delivery, receivedAt, format, draft: draft.shown, notes: draft.notes };
}

async function requireRaw(edition: Edition, id: string): Promise<Raw> {
  const raw = await readRaw(edition, id);
  if (raw === undefined) throw new NewsLineError("unknown_delivery");
  return raw;
}

async function requireProfile(edition: Edition, source: string): Promise<SourceProfile> {
  const profile = await readSource(edition, source);
  if (profile === undefined) throw new NewsLineError("unknown_source");
  return profile;
}
