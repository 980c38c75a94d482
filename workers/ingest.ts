import type { Draft } from "../src/contract/draft.ts";
import { NewsLineError } from "../src/contract/errors.ts";
import { toAllLines } from "../src/contract/profile.ts";
import type { Outcome } from "../src/contract/rest.ts";
import type { Logger } from "../src/log.ts";
import type { NewAuditEntry } from "../src/store/audit.ts";
import type { ItemChange } from "../src/store/change.ts";
import { type Delivery, readDelivery, readDeliveryBytes, updateDelivery } from "../src/store/deliveries.ts";
import type { StoredItem } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";
import { quarantineDelivery } from "../src/store/quarantine.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { noteSourceHealth, readSource } from "../src/store/sources.ts";
import { applyAll, IdentityTaken, type Task } from "./apply-all.ts";
import type { Arrival } from "./arrival.ts";
import { joinBearers, toNamedBearers } from "./bearers.ts";
import { type Circumstances } from "./circumstances.ts";
import { decide } from "./decide.ts";
import { observeDelivery, observeUnreadable } from "./doctor/observe.ts";
import { type Identified, Identifier } from "./identity.ts";
import { isAnotherStory } from "./likeness.ts";
import { readNewestByLine, toNewest } from "./newest.ts";
import { toNotices } from "./notices.ts";
import { readDocument } from "./read.ts";
import { toRouted } from "./route.ts";
import { joinSlugs } from "./slugs.ts";

/** Reads one delivery and carries out what it says. Running it again has no second effect. */
export async function ingest(edition: Edition, deliveryId: string, log: Logger): Promise<void> {
  // Calls that need not wait for each other are sent together: every answer to a write waits for the disk.
  const [delivery, bytes] = await Promise.all([
    readDelivery(edition, deliveryId),
    readDeliveryBytes(edition, deliveryId),
    updateDelivery(edition, deliveryId, { state: "active", outcomes: [] }),
  ]);
  if (delivery === undefined) {
    log.warn({ delivery: deliveryId }, "the delivery's record has expired");
    return;
  }
  try {
    if (bytes === undefined) throw new NewsLineError("unknown_delivery");
    const { arrival, drafts } = await read(edition, delivery, bytes);
    const { outcomes, fresh } = await carryOut(arrival, drafts);
    const hasItems = outcomes.some(({ revision }) => revision !== null);
    await Promise.all([
      updateDelivery(edition, deliveryId, { state: "done", outcomes }),
      notePulse(edition, delivery, outcomes),
      observeDelivery(arrival, drafts, { hasItems, fresh }),
    ]);
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    await putAway(edition, delivery, error);
    log.warn(
      { delivery: deliveryId, source: delivery.source, code: error.code },
      "a delivery went to quarantine",
    );
  }
}

/** Keeps what cannot be read with its bytes and the reason, where the desk finds it. */
export async function putAway(edition: Edition, delivery: Delivery, error: NewsLineError): Promise<void> {
  const { code, message } = error;
  await quarantineDelivery(edition, { delivery: delivery.id, source: delivery.source, code, message });
  await Promise.all([
    noteSourceHealth(edition, delivery.source, { failures: 1 }),
    observeUnreadable(edition, delivery),
  ]);
}

async function read(
  edition: Edition,
  delivery: Delivery,
  bytes: Buffer,
): Promise<{ arrival: Arrival; drafts: Draft[] }> {
  const profile = await readSource(edition, delivery.source);
  if (profile === undefined) throw new NewsLineError("unknown_source");
  const { contentType, address, receivedAt } = delivery;
  const reading = readDocument(bytes, {
    profile,
    receivedAt,
    ...(contentType !== undefined && { contentType }),
    ...(address !== undefined && { address }),
  });
  const arrival: Arrival = {
    edition,
    source: delivery.source,
    profile,
    receivedMs: Date.parse(receivedAt),
    arrival: delivery.arrival,
    backfill: delivery.backfill,
  };
  return { arrival, drafts: reading.drafts };
}

async function notePulse(edition: Edition, delivery: Delivery, outcomes: Outcome[]): Promise<void> {
  const items = outcomes.filter((one) => one.revision !== null).length;
  if (items === 0) return;
  await noteSourceHealth(edition, delivery.source, { items, lastItemAt: delivery.receivedAt });
}

/** Two deliveries may give one new guid to two items at the same moment: the loser looks again. */
const MOST_LOOKS = 5;

interface Effect {
  outcomes: Outcome[];
  /** The drafts that made new items. */
  fresh: Draft[];
}

async function carryOut(arrival: Arrival, drafts: readonly Draft[]): Promise<Effect> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await carryOutOnce(arrival, drafts);
    } catch (error) {
      if (!(error instanceof IdentityTaken) || looks >= MOST_LOOKS) throw error;
    }
  }
}

async function carryOutOnce(arrival: Arrival, drafts: readonly Draft[]): Promise<Effect> {
  const { edition, source, profile, receivedMs } = arrival;
  const stories = drafts.filter((draft) => !draft.noticeOnly);
  const [newest, identified] = await Promise.all([
    readNewestByLine(edition, toAllLines(profile)),
    new Identifier(edition, source, profile, receivedMs).identify(stories),
  ]);
  const marked = await joinSlugs(arrival, await joinBearers(arrival, identified));
  const numbered = number(marked);
  const outcomes: Outcome[] = [];
  const tasks = [...byItem(numbered)].map(([id, parts]) => toTask(id, parts, { arrival, newest, outcomes }));
  await applyAll(edition, tasks);
  const fresh = numbered.filter(({ index }) => outcomes[index]?.revision === 1).map(({ draft }) => draft);
  const doing = { arrival, newest, outcomes };
  const told = await carryOutNotices(await toNotices(arrival, drafts, stories.length), doing);
  // Last: who begins to bear a killed guid in between is in the list by now, or finds the kill (REV6).
  const named = await toNamedBearers(arrival, drafts, numbered);
  told.push(...(await carryOutNotices(named, doing)));
  return { outcomes: [...outcomes.filter((one) => one !== undefined), ...told], fresh };
}

interface Part extends Identified {
  /** Place in the delivery. */
  index: number;
}

function number(groups: Identified[][]): Part[] {
  return groups.flat().map((one, index) => ({ ...one, index }));
}

function byItem(parts: Part[]): Map<string, Part[]> {
  const grouped = new Map<string, Part[]>();
  for (const part of parts) grouped.set(part.id, [...(grouped.get(part.id) ?? []), part]);
  return grouped;
}

interface Doing {
  arrival: Arrival;
  /** By line: the newest `orderedAt`. */
  newest: ReadonlyMap<string, number>;
  /** By place in the delivery. */
  outcomes: Outcome[];
}

function toAround(part: Part, doing: Doing, nowMs: number): Circumstances {
  const { source, profile, receivedMs, arrival, backfill } = doing.arrival;
  return {
    id: part.id,
    source,
    profile,
    nowMs,
    receivedMs,
    arrival: [arrival, part.index],
    backfill,
    newestMs: toNewest(doing.newest, toRouted(part.draft, profile).lines),
    ...(part.suspect !== undefined && { suspect: part.suspect }),
    ...(part.isJoined && { isJoined: true }),
  };
}

/** Everything a delivery says of one item, in one step: a page of versions is one delta with the last revision. */
function toTask(id: string, parts: Part[], doing: Doing): Task {
  return {
    id,
    decide: (stored, nowMs) => {
      if (stored !== undefined) refuseOthers(stored, parts);
      const { change, outcomes } = toChange(parts, stored, (part) => toAround(part, doing, nowMs));
      parts.forEach((part, i) => {
        const outcome = outcomes[i];
        if (outcome !== undefined) doing.outcomes[part.index] = outcome;
      });
      return change;
    },
  };
}

/** Between looking and writing another story may have got the guid: then it is no id, and all is looked for again. */
function refuseOthers({ record }: StoredItem, parts: readonly Part[]): void {
  const other = parts.find(({ isOwn, draft }) => isOwn && isAnotherStory(record, draft));
  if (other !== undefined) throw new IdentityTaken(other.id);
}

function toChange(
  parts: Part[],
  stored: StoredItem | undefined,
  toCircumstances: (part: Part) => Circumstances,
): { change: ItemChange | undefined; outcomes: Outcome[] } {
  let state = stored?.record;
  let after: ItemRecord[] = [];
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    const decision = decide(state, part.draft, toCircumstances(part));
    const revision = decision.kind === "put" ? decision.next.revision : null;
    outcomes.push({ id: part.id, revision, outcome: decision.outcome, reason: decision.reason });
    if (decision.kind === "ignore") continue;
    state = decision.next;
    after = decision.kind === "put" ? [...after, state] : [...after.slice(0, -1), state];
  }
  if (after.length === 0) return { change: undefined, outcomes };
  const aliases = parts.flatMap((part) => part.aliases);
  const alert = toAlert(parts[0]?.id ?? "", stored?.record, state);
  return {
    change: { expected: stored?.write ?? 0, before: stored?.record, after, aliases, ...alert },
    outcomes,
  };
}

/** A source that takes something off readers' screens is told to the desk (EMB3, KIL2). */
function toAlert(
  id: string,
  before: ItemRecord | undefined,
  after: ItemRecord | undefined,
): { audit: NewAuditEntry } | undefined {
  const hasLeft = before !== undefined && before.publicLines.length > 0 && after?.publicLines.length === 0;
  if (!hasLeft || after === undefined) return undefined;
  const reason = after.pubStatus === "canceled" ? "killed" : (after.holdCause ?? "embargoed");
  return {
    audit: { by: `source ${after.source}`, action: "removed_by_source", target: id, details: { reason } },
  };
}

/** Withdrawals and holds that name other documents. */
async function carryOutNotices(notices: readonly Part[], doing: Doing): Promise<Outcome[]> {
  const told: Outcome[] = [];
  const tasks = [...byItem([...notices])].map(([id, parts]) =>
    toTask(id, parts, { ...doing, outcomes: told }),
  );
  await applyAll(doing.arrival.edition, tasks);
  return told.filter((one) => one !== undefined);
}
