import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FeedEvent, type LineState, reduce, toLineState } from "../../client/feed/line-state.ts";
import type { Delta } from "../../src/contract/delta.ts";
import { toPosition } from "../../src/contract/position.ts";
import { LineModel, toItem } from "../support/line-model.ts";

const AT = "2026-03-04T12:00:00.000Z";
const minute = (n: number) => `2026-03-04T10:${String(n).padStart(2, "0")}:00.000Z`;
const toId = (n: number) => `item-000${n}`;

function run(state: LineState, ...events: FeedEvent[]): LineState {
  return events.reduce(reduce, state);
}

function snapshotOf(model: LineModel, limit: number): FeedEvent {
  return { type: "snapshot", answer: { kind: "snapshot", line: model.line, ...model.snapshot(limit) } };
}

function catchUpOf(model: LineModel, deltas: Delta[]): FeedEvent {
  const answer = { kind: "catch-up", line: model.line, position: model.position, deltas } as const;
  return { type: "catch-up", answer };
}

function fill(count: number): LineModel {
  const model = new LineModel("demo");
  for (let n = 1; n <= count; n += 1) model.put(toItem({ id: toId(n), orderedAt: minute(n) }));
  return model;
}

const opened: FeedEvent = { type: "opened", resumes: false };
const ids = (state: LineState) => state.held?.items.map((item) => item.id);

function follow(model: LineModel, limit = 50): LineState {
  return run(toLineState("demo", limit), opened, snapshotOf(model, limit));
}

describe("the list", () => {
  test("ORD1 puts land by time, ties by id descending, whatever the order of arrival", () => {
    const model = new LineModel("demo");
    let state = follow(model);
    for (const [id, at] of [
      ["aaaaaaaa", 5],
      ["bbbbbbbb", 5],
      ["cccccccc", 9],
      ["dddddddd", 1],
    ] as const) {
      state = reduce(state, { type: "delta", delta: model.put(toItem({ id, orderedAt: minute(at) })) });
    }
    expect(ids(state)).toEqual(["cccccccc", "bbbbbbbb", "aaaaaaaa", "dddddddd"]);
  });

  test("SNP1 a put older than the oldest item is ignored unless the whole line is held", () => {
    const model = fill(5);
    const late = toItem({ id: "late0001", orderedAt: minute(0) });
    const part = follow(model, 3);
    const whole = follow(model, 50);
    const delta = model.put(late);
    expect(ids(reduce(part, { type: "delta", delta }))).toEqual([toId(5), toId(4), toId(3)]);
    expect(ids(reduce(whole, { type: "delta", delta }))?.at(-1)).toBe("late0001");
  });

  test("SNP1 an item that moves below what is held leaves the list", () => {
    const model = fill(5);
    const state = follow(model, 3);
    const delta = model.put(toItem({ id: toId(5), revision: 2, orderedAt: minute(0) }));
    expect(ids(reduce(state, { type: "delta", delta }))).toEqual([toId(4), toId(3)]);
  });

  test("P3 a revision never goes back", () => {
    const model = fill(1);
    const state = follow(model);
    const newer = model.put(toItem({ id: toId(1), revision: 3, headline: "Third" }));
    const older = model.put(toItem({ id: toId(1), revision: 2, headline: "Second" }));
    const end = run(state, { type: "delta", delta: newer }, { type: "delta", delta: older });
    expect(end.held?.items[0]?.headline).toBe("Third");
  });

  test("KIL3 a remove takes the item at once and tells why", () => {
    const model = fill(2);
    const state = reduce(follow(model), { type: "delta", delta: model.remove(toId(2), 2, "killed") });
    expect(ids(state)).toEqual([toId(1)]);
    expect(state.removals).toEqual([{ id: toId(2), reason: "killed" }]);
  });

  test("CAT3 an item missing from a new snapshot is gone", () => {
    const model = fill(2);
    const state = follow(model);
    model.remove(toId(1), 2, "killed");
    const end = reduce(state, snapshotOf(model, 50));
    expect(ids(end)).toEqual([toId(2)]);
    expect(end.removals).toEqual([{ id: toId(1), reason: undefined }]);
  });
});

describe("the position", () => {
  test("SUB1 a delta that does not begin where we stand is not applied, and asks again with our position", () => {
    const model = fill(2);
    const state = follow(model);
    model.put(toItem({ id: toId(3), orderedAt: minute(3) }));
    const end = reduce(state, {
      type: "delta",
      delta: model.put(toItem({ id: toId(4), orderedAt: minute(4) })),
    });
    expect(ids(end)).toEqual([toId(2), toId(1)]);
    expect([end.need, end.status.kind]).toEqual(["subscribe", "catching-up"]);
  });

  test("CAT1 a catch-up that does not join our position asks for a snapshot", () => {
    const model = fill(2);
    const state = run(follow(model), { type: "lost", at: AT }, opened);
    const other = new LineModel("demo", "otherlog1");
    const end = reduce(state, catchUpOf(other, []));
    expect([end.need, end.status.kind]).toEqual(["snapshot", "catching-up"]);
  });

  test("SUB1 no delta is applied between asking again and the answer", () => {
    const model = fill(2);
    const state = run(follow(model), { type: "reset" });
    const delta = model.put(toItem({ id: toId(3), orderedAt: minute(3) }));
    expect(ids(reduce(state, { type: "delta", delta }))).toEqual([toId(2), toId(1)]);
  });

  test("P4 a second tick ahead of us at the same place means a lost delta", () => {
    const model = fill(2);
    const state = follow(model);
    const tick: FeedEvent = {
      type: "tick",
      tick: { line: "demo", epoch: model.epoch, offset: model.offset + 1, at: AT, live: true },
    };
    const once = reduce(state, tick);
    expect(once.need).toBe("nothing");
    expect(reduce(once, tick).need).toBe("subscribe");
  });

  test("P4 a tick of another log asks again", () => {
    const tick = { line: "demo", epoch: "otherlog1", offset: 0, at: AT, live: true };
    expect(reduce(follow(fill(1)), { type: "tick", tick }).need).toBe("subscribe");
  });
});

describe("pages", () => {
  test("SNP1 after removes the list is filled up from below", () => {
    const model = fill(5);
    const state = reduce(follow(model, 3), { type: "delta", delta: model.remove(toId(4), 2, "held") });
    expect(state.need).toBe("page");
    const before = state.held?.next ?? "";
    const end = reduce(state, { type: "page", before, page: model.snapshot(3, before) });
    expect(ids(end)).toEqual([toId(5), toId(3), toId(2), toId(1)]);
    expect([end.held?.next, end.held?.floor, end.need]).toEqual([null, undefined, "nothing"]);
  });

  test("SNP1 a page older than our position is not merged but asked for again", () => {
    const model = fill(5);
    const before = follow(model, 3).held?.next ?? "";
    const page = model.snapshot(3, before);
    const state = reduce(follow(model, 3), { type: "delta", delta: model.remove(toId(1), 2, "killed") });
    const end = reduce(state, { type: "page", before, page });
    expect(ids(end)).not.toContain(toId(1));
    expect(end.need).toBe("page");
  });
});

describe("the status", () => {
  test("WID what a screen says is live only after an answer, and offline since the loss", () => {
    const model = fill(1);
    let state = toLineState("demo");
    const seen = [state.status.kind];
    const events: FeedEvent[] = [
      opened,
      snapshotOf(model, 50),
      { type: "lost", at: AT },
      { type: "lost", at: "2026-03-04T13:00:00.000Z" },
      opened,
      catchUpOf(model, []),
    ];
    for (const event of events) {
      state = reduce(state, event);
      seen.push(state.status.kind);
    }
    expect(seen).toEqual(["connecting", "catching-up", "live", "offline", "offline", "catching-up", "live"]);
    const offline = run(follow(model), { type: "lost", at: AT }, { type: "lost", at: minute(1) });
    expect(offline.status).toEqual({ kind: "offline", since: AT });
  });

  test("WID a gateway without its store is not live, although the connection stands", () => {
    const model = fill(1);
    const tick = {
      line: "demo",
      epoch: model.epoch,
      offset: model.offset,
      at: AT,
      live: false,
      since: minute(1),
    };
    const state = reduce(follow(model), { type: "tick", tick });
    expect(state.status).toEqual({ kind: "stale", since: minute(1) });
    expect(reduce(state, { type: "tick", tick: { ...tick, live: true } }).status.kind).toBe("live");
  });

  test("WID a permanent goodbye ends the line, whatever comes after", () => {
    const goodbye = { code: "revoked", temporary: false, retryAfterMs: 0 } as const;
    const state = run(follow(fill(1)), { type: "goodbye", goodbye, at: AT }, opened, { type: "reset" });
    expect(state.status).toEqual({ kind: "ended", code: "revoked" });
  });

  test("WID the clock follows the server's", () => {
    const nowMs = Date.parse(AT) - 90_000;
    expect(reduce(toLineState("demo"), { type: "clock", at: AT, nowMs }).clockOffsetMs).toBe(90_000);
  });
});

/** One step of a random life: a change on the server, or something that happens to the client. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put" as const), n: fc.nat(9), at: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), n: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("deliver" as const), count: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("drop" as const, "connect" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("lose" as const, "page" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("page-late" as const, "older" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("trim" as const, "renew" as const) }),
  },
);
type StepDo = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A server, a client, and the wire between them with deltas under way. */
class Life {
  readonly model = new LineModel("demo");
  readonly #wire: Delta[] = [];
  readonly #revisions = new Map<string, number>();
  readonly #limit: number;
  #latePage: FeedEvent | undefined;
  #isConnected = false;
  #epochs = 0;
  state: LineState;

  constructor(limit: number) {
    this.#limit = limit;
    this.state = toLineState("demo", limit);
  }

  take(step: StepDo): void {
    switch (step.do) {
      case "put":
        this.#send(this.model.put(this.#next(step.n, step.at)));
        break;
      case "remove":
        this.#remove(step.n);
        break;
      case "deliver":
        for (const delta of this.#wire.splice(0, step.count)) this.#dispatch({ type: "delta", delta });
        break;
      case "lose":
        this.#wire.shift();
        break;
      case "drop":
        this.#isConnected = false;
        this.#wire.length = 0;
        this.#dispatch({ type: "lost", at: AT });
        break;
      case "connect":
        this.#connect();
        break;
      case "older":
        this.#dispatch({ type: "older" });
        break;
      case "page":
        this.#page();
        break;
      case "page-late":
        this.#latePage = this.#latePage === undefined ? this.#toPage() : this.#arrive(this.#latePage);
        break;
      case "trim":
        this.model.trimTo(this.model.offset - 2);
        break;
      case "renew":
        this.#epochs += 1;
        this.model.renewEpoch(`epoch100${this.#epochs}`);
        this.#wire.length = 0;
        this.#dispatch({ type: "reset" });
        break;
    }
    this.#carryOut();
  }

  finish(): void {
    this.#isConnected = false;
    this.#connect();
    for (let round = 0; round < 20; round += 1) {
      this.#carryOut();
      this.#page();
    }
  }

  #next(n: number, at: number) {
    const id = toId(n);
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    return toItem({ id, revision, orderedAt: minute(at), headline: `${id} in revision ${revision}` });
  }

  #remove(n: number): void {
    const known = this.model.find(toId(n));
    if (known === undefined) return;
    this.#revisions.set(known.id, known.revision + 1);
    this.#send(this.model.remove(known.id, known.revision + 1, n % 2 === 0 ? "killed" : "held"));
  }

  #send(delta: Delta): void {
    if (this.#isConnected) this.#wire.push(delta);
  }

  #connect(): void {
    this.#isConnected = true;
    this.#wire.length = 0;
    this.#dispatch(opened);
    const held = this.state.held;
    this.#answer(held === undefined ? undefined : toPosition(held.position));
  }

  #answer(since: string | undefined): void {
    this.#wire.length = 0;
    const deltas = since === undefined ? undefined : this.model.since(since);
    if (deltas === undefined) this.#dispatch(snapshotOf(this.model, this.#limit));
    else this.#dispatch(catchUpOf(this.model, deltas));
  }

  #carryOut(): void {
    for (let round = 0; round < 3; round += 1) {
      const { need, held } = this.state;
      if (!this.#isConnected || (need !== "subscribe" && need !== "snapshot")) return;
      this.#answer(need === "subscribe" && held !== undefined ? toPosition(held.position) : undefined);
    }
  }

  #toPage(): FeedEvent | undefined {
    const before = this.state.held?.next;
    if (this.state.need !== "page" || typeof before !== "string") return undefined;
    return { type: "page", before, page: this.model.snapshot(this.#limit, before) };
  }

  #page(): void {
    const page = this.#toPage();
    if (page !== undefined) this.#dispatch(page);
  }

  #arrive(page: FeedEvent): undefined {
    this.#dispatch(page);
    return undefined;
  }

  #dispatch(event: FeedEvent): void {
    this.state = reduce(this.state, event);
  }
}

test("P4 any interleaving of changes, losses, drops, resets and pages ends with exactly the server's list", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, limit) => {
      const life = new Life(limit);
      // More than the client holds, so that there are pages to ask for.
      for (let n = 0; n < 8; n += 1) life.take({ do: "put", n, at: 2 * n });
      life.take({ do: "connect" });
      for (const one of steps) life.take(one);
      life.finish();
      const held = life.state.held;
      const all = life.model.items;
      expect(held).toBeDefined();
      if (held === undefined) return;
      const reach = held.floor === undefined ? all.length : held.items.length;
      expect(held.items).toEqual(all.slice(0, reach));
      expect(held.items.length).toBeGreaterThanOrEqual(Math.min(limit, all.length));
      expect(toPosition(held.position)).toBe(life.model.position);
    }),
    { numRuns: 1500 },
  );
});
