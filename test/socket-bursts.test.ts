import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Delta, delta as deltaSchema } from "../src/contract/delta.ts";
import { BURST_MS, type BurstDelta, Bursts } from "../src/socket/bursts.ts";
import { LineView } from "../src/stream/line-view.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const EPOCH = "burstepoch01";
const START_MS = Date.parse("2026-03-04T11:00:00.000Z");

/** A reader as the protocol wants it, on a channel of its own. */
class Reader {
  offset: number;
  readonly held: Map<string, number>;
  deltas = 0;

  constructor(view: LineView) {
    this.offset = view.offset;
    this.held = new Map([...view.order].map(({ id, revision }) => [id, revision]));
  }

  take(delta: Delta): void {
    expect([delta.from, delta.to > delta.from]).toEqual([this.offset, true]);
    const ids = delta.ops.map((op) => (op.op === "put" ? op.item.id : op.id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const op of delta.ops) {
      if (op.op === "put") this.held.set(op.item.id, op.item.revision);
      else this.held.delete(op.id);
    }
    this.offset = delta.to;
    this.deltas += 1;
  }
}

/** A view, the bursts of its channel, and a room of readers. */
function createRoom() {
  const view = new LineView({ channel: "public:main", position: { epoch: EPOCH, offset: 0 } });
  const room = new Map<string, Reader>();
  const sentAtMs: number[] = [];
  const sent: BurstDelta[] = [];
  const bursts = new Bursts({
    send: (one) => {
      sentAtMs.push(performance.now());
      sent.push(one);
      const common = deltaSchema.parse(JSON.parse(one.json));
      for (const [id, reader] of room) if (!one.except.has(id)) reader.take(common);
      for (const { json, socketIds } of one.own) {
        for (const id of socketIds) room.get(id)?.take(deltaSchema.parse(JSON.parse(json)));
      }
    },
    overrun: () => expect.unreachable(),
  });
  const revisions = new Map<string, number>();
  /** Steps that were read together. */
  const change = (ids: readonly string[], isUrgent = false, isKill = false, words = "") => {
    const fromOffset = view.offset;
    for (const id of ids) {
      const revision = (revisions.get(id) ?? 0) + 1;
      revisions.set(id, revision);
      const item = { ...toItem(id, revision), ...(words !== "" && { lead: words }) };
      const op = isKill
        ? ({ kind: "remove", reason: "killed" } as const)
        : ({ kind: "put", item: JSON.stringify(item) } as const);
      view.apply({ offset: view.offset + 1, atMs: START_MS, id, revision, orderedAtMs: START_MS, op });
    }
    const json = view.deltaSince(fromOffset) ?? expect.unreachable();
    const { channel, line, position } = view;
    bursts.add({ channel, line, view, fromOffset, position, json, isUrgent, atMs: START_MS });
  };
  /** Subscribing again replaces. */
  const join = (id: string) => {
    room.set(id, new Reader(view));
    bursts.join(view.channel, id, view.offset);
  };
  return { view, room, sent, sentAtMs, bursts, change, join };
}

function toItem(id: string, revision: number): object {
  const at = new Date(START_MS).toISOString();
  return {
    id,
    revision,
    change: revision === 1 ? "new" : "update",
    headline: `Ferry ${id} leaves`,
    urgency: 5,
    lines: ["main"],
    source: "city-wire",
    orderedAt: at,
    timeBasis: "source",
  };
}

test("BUR the first change goes at once, those that follow within 50 ms go together", () => {
  const { room, join, change, sent, view } = createRoom();
  join("reader-1");
  change(["ferry-0001"]);
  expect(sent).toHaveLength(1);
  for (const id of ["ferry-0002", "ferry-0003", "ferry-0002"]) change([id]);
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(BURST_MS);
  expect(sent).toHaveLength(2);
  const second = deltaSchema.parse(JSON.parse(sent[1]?.json ?? ""));
  expect(second.ops).toMatchObject([
    { item: { id: "ferry-0003", revision: 1 } },
    { item: { id: "ferry-0002", revision: 2 } },
  ]);
  expect(room.get("reader-1")?.offset).toBe(view.offset);
});

test("BUR after a quiet time the next change goes at once again", () => {
  const { join, change, sent } = createRoom();
  join("reader-1");
  change(["ferry-0001"]);
  vi.advanceTimersByTime(BURST_MS);
  change(["ferry-0002"]);
  expect(sent).toHaveLength(2);
});

test("BUR what is urgent does not wait, and takes with it what waits", () => {
  const { join, change, sent } = createRoom();
  join("reader-1");
  change(["ferry-0001"]);
  change(["ferry-0002"]);
  change(["ferry-0001"], true, true);
  expect(sent).toHaveLength(2);
  change(["ferry-0003"], true);
  expect(sent).toHaveLength(3);
  const second = deltaSchema.parse(JSON.parse(sent[1]?.json ?? ""));
  expect(second.ops.map(({ op }) => op)).toEqual(["put", "remove"]);
});

test("BUR what is too much for one delta does not wait, and readers are not sent back to the line", () => {
  const { room, join, change, view } = createRoom();
  join("reader1");
  for (let n = 0; n < 12; n += 1) change([`item000${n}`], false, false, "x".repeat(50_000));
  vi.advanceTimersByTime(BURST_MS);
  const reader = room.get("reader1");
  expect([reader?.offset, reader?.held.size]).toEqual([view.offset, 12]);
  // Three of them are more than may wait.
  expect(reader?.deltas).toBe(5);
});

test("SUB1 who joins while a delta waits gets its own up to that delta's end, made once for all at one offset", () => {
  const { join, change, sent, room, view } = createRoom();
  join("early-1");
  change(["ferry-0001"]);
  change(["ferry-0002"]);
  join("late-1");
  join("late-2");
  change(["ferry-0003"]);
  join("last-1");
  vi.advanceTimersByTime(BURST_MS);
  expect(sent[1]?.own.map(({ socketIds }) => socketIds)).toEqual([["late-1", "late-2"]]);
  expect([...room.values()].map(({ offset }) => offset)).toEqual([3, 3, 3, 3]);
  expect(room.get("last-1")?.deltas).toBe(0);
  expect(view.offset).toBe(3);
});

test("SUB1 whatever the mix of changes and subscriptions, every reader's deltas join and end with the line", () => {
  const readers = fc.constantFrom("reader-1", "reader-2", "reader-3", "reader-4");
  const ids = fc.array(fc.constantFrom("ferry-0001", "ferry-0002", "ferry-0003", "ferry-0004"), {
    minLength: 1,
    maxLength: 4,
  });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("change"), ids, isUrgent: fc.boolean(), isKill: fc.boolean() }),
    fc.record({ kind: fc.constant("plain"), ids }),
    fc.record({ kind: fc.constant("join"), reader: readers }),
    fc.record({ kind: fc.constant("leave"), reader: readers }),
    fc.record({ kind: fc.constant("wait"), ms: fc.integer({ min: 0, max: 70 }) }),
    fc.record({ kind: fc.constant("flush") }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { room, bursts, change, join, view } = createRoom();
      for (const one of steps) {
        if ("isKill" in one) change(one.ids, one.isUrgent || one.isKill, one.isKill);
        else if ("ids" in one) change(one.ids);
        else if ("ms" in one) vi.advanceTimersByTime(one.ms);
        else if (!("reader" in one)) bursts.flush(view.channel);
        else if (one.kind === "join") join(one.reader);
        else room.delete(one.reader);
      }
      vi.advanceTimersByTime(BURST_MS);
      const expected = new Map([...view.order].map(({ id, revision }) => [id, revision]));
      for (const { offset, held } of room.values()) expect([offset, held]).toEqual([view.offset, expected]);
    }),
    { numRuns: 500 },
  );
});

test("BUR without urgent ones there are never two deltas within 50 ms", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 60 }), (pauses) => {
      const { change, join, sentAtMs } = createRoom();
      join("reader-1");
      for (const ms of pauses) {
        change(["ferry-0001"]);
        vi.advanceTimersByTime(ms);
      }
      const gaps = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0));
      expect(gaps.filter((gap) => gap < BURST_MS)).toEqual([]);
    }),
  );
});

test("BUR when the channel begins anew nothing of before is sent", () => {
  const { change, join, sent, bursts, view } = createRoom();
  join("reader-1");
  change(["ferry-0001"]);
  change(["ferry-0002"]);
  bursts.forget(view.channel);
  vi.advanceTimersByTime(BURST_MS);
  expect(sent).toHaveLength(1);
});
