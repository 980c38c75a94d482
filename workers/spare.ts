import type { Draft } from "../src/contract/draft.ts";
import type { ItemRecord, VersionMeta } from "../src/store/record.ts";
import type { Verdict } from "./versions.ts";

export const isSameArrival = (a: VersionMeta["a"], b: VersionMeta["a"]): boolean =>
  a[0] === b[0] && a[1] === b[1];

/** Keeps the newest version with a written status at hand while another one is shown. */
export function keepSpare(
  before: ItemRecord,
  after: ItemRecord,
  verdict: Verdict,
  came: { draft: Draft; meta: VersionMeta },
): ItemRecord {
  const { spare, ...bare } = after;
  const { written, shown } = verdict;
  if (written === undefined || shown === undefined || written === shown || verdict.killed) return bare;
  if (written === came.meta) return { ...bare, spare: { a: written.a, draft: came.draft } };
  if (spare !== undefined && isSameArrival(spare.a, written.a)) return after;
  const replaced = shown === came.meta ? toShownDraft(before) : undefined;
  return replaced === undefined ? bare : { ...bare, spare: { a: written.a, draft: replaced } };
}

/** What is shown of a version, as the draft that would show it again. */
function toShownDraft(record: ItemRecord): Draft | undefined {
  if (record.content === null) return undefined;
  const { guid, sourceVersion, firstCreated, versionCreated, expires, change } = record;
  return {
    ...record.content,
    pubStatus: "usable",
    notes: [],
    change,
    ...(guid !== undefined && { guid }),
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(firstCreated !== undefined && { firstCreated }),
    ...(versionCreated !== undefined && { versionCreated }),
    ...(expires !== undefined && { expires }),
  };
}
