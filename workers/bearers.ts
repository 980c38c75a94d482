import type { ActOn, Draft } from "../src/contract/draft.ts";
import type { PubStatus } from "../src/contract/item.ts";
import { readItems } from "../src/store/items.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { nameBearers, noteBearers } from "../src/store/shared-guids.ts";
import type { Arrival } from "./arrival.ts";
import { type Identified, NAMELESS } from "./identity.ts";
import { toMs } from "./instants.ts";
import { type Notice, toVersion } from "./notices.ts";

/** So long after a kill named a shared guid, what comes new under it waits for an editor. */
const KILL_MS = 3 * 86_400_000;

/**
 * Notes who bears a guid that is no id, and marks what a kill of that guid may have meant (REV6). Noted before it is
 * applied: a kill that comes in between must find it.
 */
export async function joinBearers(arrival: Arrival, groups: Identified[][]): Promise<Identified[][]> {
  const { edition, source, receivedMs } = arrival;
  const bearing = new Map<string, Set<string>>();
  const beside = new Set<string>();
  for (const { id, bears } of groups.flat()) {
    if (bears === undefined) continue;
    const ids = bearing.get(bears.guid) ?? new Set();
    bearing.set(bears.guid, ids.add(id));
    if (bears.beside === undefined) continue;
    ids.add(bears.beside);
    beside.add(bears.beside);
  }
  if (bearing.size === 0) return groups;
  const suspects = new Set<string>();
  await Promise.all(
    [...bearing].map(async ([guid, ids]) => {
      const killedMs = await noteBearers(edition, { source, guid, ids: [...ids], atMs: receivedMs });
      if (receivedMs - killedMs < KILL_MS) suspects.add(guid);
    }),
  );
  const waiting = await readWaiting(arrival, beside);
  return groups.map((group) =>
    group.map((one) => {
      const { bears } = one;
      const isSuspect = bears && (suspects.has(bears.guid) || waiting.has(bears.beside ?? ""));
      return isSuspect ? { ...one, suspect: "twin" as const } : one;
    }),
  );
}

/**
 * Items that had the guid for their own until now, and may not be shown: killed meanwhile, held or under embargo. An
 * editor has to see that what came under their guid is not what they wait for (EMB1, KIL1).
 */
async function readWaiting(
  { edition, receivedMs }: Arrival,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (ids.size === 0) return ids;
  const items = await readItems(edition, [...ids]);
  const isWaiting = ({ pubStatus, embargoedUntil }: ItemRecord) =>
    pubStatus !== "usable" || (toMs(embargoedUntil) ?? 0) > receivedMs;
  return new Set(items.flatMap((item) => (item && isWaiting(item.record) ? [item.record.id] : [])));
}

interface Naming {
  source: string;
  guid: string;
  status: PubStatus;
  /** The story that it shows to mean, which it has killed by then. */
  but?: string;
}

/**
 * What a kill or a hold means whose guid several stories bear: as with a slug, all of them are held for the desk to
 * look at (KIL2). Asked when everything else is done: who begins to bear the guid meanwhile is in the list by then,
 * or finds that its item was killed.
 */
export async function toNamedBearers(
  arrival: Arrival,
  drafts: readonly Draft[],
  parts: readonly Identified[],
): Promise<Notice[]> {
  const named = [
    ...parts.flatMap((part) =>
      toNaming(part, arrival.source).map((naming) => ({ draft: part.draft, naming })),
    ),
    ...drafts.flatMap((draft) =>
      (draft.actsOn ?? []).flatMap((act) => toNamings(act, arrival).map((naming) => ({ draft, naming }))),
    ),
  ];
  const notices: Notice[] = [];
  for (const { draft, naming } of named) {
    const { guid, status, but } = naming;
    const killedMs = status === "canceled" ? arrival.receivedMs : undefined;
    const ids = await nameBearers(arrival.edition, { ...naming, killedMs });
    const held = toVersion(draft, { status: "withheld", guid });
    for (const id of ids?.filter((one) => one !== but) ?? []) {
      // Beyond the places of the delivery's own stories and notices.
      const index = drafts.length + named.length + notices.length;
      notices.push({ draft: held, id, aliases: [], suspect: "twin", index });
    }
  }
  return notices;
}

/** A story's own withdrawal; a mere hold that shows which story it means holds no other. */
function toNaming({ draft, id, bears, names }: Identified, source: string): Naming[] {
  if (names !== undefined && bears !== undefined) return [{ source, guid: bears.guid, status: names }];
  const guid = bears?.guid ?? draft.guidBase ?? draft.guid;
  if (guid === undefined || guid === NAMELESS || draft.pubStatus !== "canceled") return [];
  return [{ source, guid, status: "canceled", but: id }];
}

function toNamings({ guid, status }: ActOn, { source, profile }: Arrival): Naming[] {
  if (guid === undefined) return [];
  return [source, ...(profile.actsFor ?? [])].map((name) => ({ source: name, guid, status }));
}
