import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Delta, delta } from "../src/contract/delta.ts";
import { parseCursor } from "../src/stream/cursor.ts";
import { type Answer, LineView, type ViewStep } from "../src/stream/line-view.ts";

const EPOCH = "epoch0001";
const IDS = ["item-aaaa", "item-bbbb", "item-cccc", "item-dddd", "item-eeee", "item-AAAA", "item_zzzz"];

type Act = { id: number; kind: "put" | "remove"; time: number };
const acts = fc.array(
  fc.record({
    id: fc.nat(IDS.length - 1),
    kind: fc.constantFrom("put" as const, "put" as const, "remove" as const),
    time: fc.nat(4),
  }),
  { maxLength: 60 },
);

function toItemJson(id: string, revision: number, orderedAtMs: number): string {
  const at = new Date(orderedAtMs).toISOString();
  return JSON.stringify({
    id,
    revision,
    change: "new",
    headline: "h".repeat(20),
    urgency: 5,
    lines: ["main"],
    source: "wire",
    orderedAt: at,
    timeBasis: "source",
  });
}

/** Steps with the revisions that the store would give. */
function toSteps(list: readonly Act[]): ViewStep[] {
  const revisions = new Map<string, number>();
  return list.map(({ id: index, kind, time }, at) => {
    const id = IDS[index] ?? "";
    const revision = (revisions.get(id) ?? 0) + 1;
    revisions.set(id, revision);
    const orderedAtMs = time * 1000;
    const op =
      kind === "put"
        ? ({ kind, item: toItemJson(id, revision, orderedAtMs) } as const)
        : ({ kind, reason: "killed" } as const);
    return { offset: at + 1, atMs: 1_000_000 + at, id, revision, orderedAtMs, op };
  });
}

/** The line as one would write it down by hand. */
function toNaive(steps: readonly ViewStep[]): { id: string; revision: number; orderedAtMs: number }[] {
  const items = new Map<string, { id: string; revision: number; orderedAtMs: number }>();
  for (const { id, revision, orderedAtMs, op } of steps) {
    if (op.kind === "put") items.set(id, { id, revision, orderedAtMs });
    else items.delete(id);
  }
  return [...items.values()].sort((a, b) => {
    const byId = Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
    return b.orderedAtMs - a.orderedAtMs || byId;
  });
}

function emptyView(limits?: { ring?: { entries: number; bytes: number }; texts?: number }): LineView {
  const position = { epoch: EPOCH, offset: 0 };
  return new LineView({ channel: "public:main", position, ...(limits !== undefined && { limits }) });
}

function play(steps: readonly ViewStep[], view = emptyView()): LineView {
  for (const step of steps) view.apply(step);
  return view;
}

function read(answer: Answer | undefined) {
  if (answer === undefined) throw new Error("no answer");
  return JSON.parse(`{${answer.members}}`);
}

/** What a client does with ops: no other knowledge than the contract. */
function follow(held: Map<string, number>, { ops }: Delta): void {
  for (const op of ops) {
    if (op.op === "put") held.set(op.item.id, op.item.revision);
    else held.delete(op.id);
  }
}

test("ORD1 a view holds the newest first and ties by id descending, whatever came in what order", () => {
  fc.assert(
    fc.property(acts, (list) => {
      const steps = toSteps(list);
      const view = play(steps);
      expect([...view.order]).toEqual(toNaive(steps));
    }),
  );
});

test("SNP1 a snapshot is the newest items at its position, and its cursor names the last of them", () => {
  fc.assert(
    fc.property(acts, fc.integer({ min: 1, max: 8 }), (list, limit) => {
      const steps = toSteps(list);
      const naive = toNaive(steps);
      const snapshot = read(play(steps).answer(undefined, limit));
      expect(snapshot.position).toBe(`${EPOCH}:${steps.length}`);
      expect(snapshot.count).toBe(naive.length);
      expect(snapshot.items.map((item: { id: string }) => item.id)).toEqual(
        naive.slice(0, limit).map(({ id }) => id),
      );
      if (naive.length <= limit) expect(snapshot.next).toBeNull();
      else expect(parseCursor(snapshot.next)?.id).toBe(naive[limit - 1]?.id);
    }),
  );
});

test("CAT1 a catch-up from any place ends in the same list, each item once, in log order", () => {
  fc.assert(
    fc.property(acts, fc.nat(60), (list, cut) => {
      const steps = toSteps(list);
      const from = Math.min(cut, steps.length);
      const held = new Map(toNaive(steps.slice(0, from)).map(({ id, revision }) => [id, revision]));
      const answer = read(play(steps).answer(`${EPOCH}:${from}`, 50));
      expect(answer.kind).toBe("catch-up");
      let at = from;
      for (const json of answer.deltas) {
        const parsed = delta.parse(json);
        expect(parsed.from).toBe(at);
        at = parsed.to;
        const ids = parsed.ops.map((op) => (op.op === "put" ? op.item.id : op.id));
        expect(new Set(ids).size).toBe(ids.length);
        follow(held, parsed);
      }
      expect(at).toBe(steps.length);
      const wanted = new Map(toNaive(steps).map(({ id, revision }) => [id, revision]));
      expect(held).toEqual(wanted);
    }),
  );
});

test("CAT1 a remove is kept even if the item came and went while the client was away", () => {
  const steps = toSteps([
    { id: 0, kind: "put", time: 1 },
    { id: 0, kind: "remove", time: 1 },
  ]);
  const { deltas } = read(play(steps).answer(`${EPOCH}:0`, 50));
  expect(deltas[0].ops).toEqual([{ op: "remove", id: IDS[0], revision: 2, reason: "killed" }]);
});

test("MEM1 what most ask for is made once, however many others ask from places of their own", () => {
  const view = new LineView({ channel: "public:main", position: { epoch: EPOCH, offset: 0 } });
  const list = Array.from({ length: 200 }, (_, n) => ({
    id: n % IDS.length,
    kind: "put" as const,
    time: n % 5,
  }));
  for (const step of toSteps(list)) view.apply(step);
  const ask = (since?: number) => view.answer(since === undefined ? undefined : `${EPOCH}:${since}`, 50);
  for (let since = 0; since < 100; since += 1) ask(since);
  const first = ask();
  for (let since = 100; since < 199; since += 1) {
    ask(since);
    expect(ask()).toBe(first);
  }
  expect(ask(198)).toBe(ask(198));
});

test("CAT2 a cursor out of reach, of another log or of no form gives a snapshot", () => {
  const steps = toSteps(Array.from({ length: 20 }, (_, i) => ({ id: i % 5, kind: "put", time: i })));
  const view = play(steps, emptyView({ ring: { entries: 5, bytes: 1_000_000 } }));
  expect(read(view.answer(`${EPOCH}:15`, 50)).kind).toBe("catch-up");
  for (const since of [`${EPOCH}:14`, `${EPOCH}:21`, "epoch0002:15", "", "nonsense", `${EPOCH}:-1`]) {
    expect(read(view.answer(since, 50)).kind).toBe("snapshot");
  }
});

test("CAT1 more than 1,000 ops or 512 KB are answered with a snapshot", () => {
  const many = emptyView();
  const large = emptyView();
  for (let n = 1; n <= 1_001; n += 1) {
    const id = `item-${String(n).padStart(6, "0")}`;
    const step = { offset: n, atMs: n, id, revision: 1, orderedAtMs: n };
    many.apply({ ...step, op: { kind: "put", item: toItemJson(id, 1, n) } });
    if (n > 6) continue;
    const item = JSON.stringify({ id, revision: 1, headline: "ж".repeat(60_000) });
    large.apply({ ...step, op: { kind: "put", item } });
  }
  expect(read(many.answer(`${EPOCH}:0`, 50)).kind).toBe("snapshot");
  expect(read(many.answer(`${EPOCH}:1`, 50)).kind).toBe("catch-up");
  expect(read(large.answer(`${EPOCH}:0`, 50)).kind).toBe("snapshot");
  expect(read(large.answer(`${EPOCH}:4`, 50)).kind).toBe("catch-up");
});

test("REV1 filling a view never lets a revision go back, and takes an equal one", () => {
  const id = IDS[0] ?? "";
  const view = new LineView({
    channel: "public:main",
    position: { epoch: EPOCH, offset: 0 },
    // The order was read when the item stood at 1,000; its revision was read later.
    standings: [{ id, orderedAtMs: 1_000, revision: 3 }],
  });
  const [first, second, third, fourth] = toSteps([
    { id: 0, kind: "put", time: 1 },
    { id: 0, kind: "remove", time: 1 },
    { id: 0, kind: "put", time: 3 },
    { id: 0, kind: "remove", time: 3 },
  ]);
  for (const step of [first, second]) if (step !== undefined) view.apply(step);
  expect(view.order.get(id)).toEqual({ id, orderedAtMs: 1_000, revision: 3 });
  if (third !== undefined) view.apply(third);
  expect(view.order.get(id)).toEqual({ id, orderedAtMs: 3_000, revision: 3 });
  if (fourth !== undefined) view.apply(fourth);
  expect(view.count).toBe(0);
});

test("P3 a view refuses a step that does not follow", () => {
  const [, second] = toSteps([
    { id: 0, kind: "put", time: 1 },
    { id: 1, kind: "put", time: 1 },
  ]);
  expect(() => second && emptyView().apply(second)).toThrow("cannot take offset 2");
});

test("SNP1 the texts of the newest are kept, and what rises into the window is asked for", () => {
  const steps = toSteps(IDS.map((_, id) => ({ id, kind: "put", time: id })));
  const view = play(steps, emptyView({ texts: 3 }));
  expect(view.lacking(3)).toEqual([]);
  expect(view.answer(undefined, 3)?.kind).toBe("snapshot");
  const removed = IDS.slice(-3).map((id, n) => {
    const op = { kind: "remove", reason: "killed" } as const;
    return { offset: steps.length + n + 1, atMs: 1, id, revision: 2, orderedAtMs: 0, op };
  });
  play(removed, view);
  const lacking = view.lacking(3);
  expect(lacking.length).toBeGreaterThan(0);
  expect(view.answer(undefined, 3)).toBeUndefined();
  view.fill(lacking.map(({ id, revision }) => [id, { revision: revision + 1, json: "{}" }]));
  expect(view.answer(undefined, 3)).toBeUndefined();
  view.fill(lacking.map(({ id, revision }) => [id, { revision, json: toItemJson(id, revision, 0) }]));
  expect(read(view.answer(undefined, 3)).items).toHaveLength(3);
});

test("STATE the hash is over id and revision in display order", () => {
  const steps = toSteps(IDS.map((_, id) => ({ id, kind: "put", time: id % 2 })));
  const text = toNaive(steps)
    .map(({ id, revision }) => `${id} ${revision}\n`)
    .join("");
  expect(play(steps).toState()).toEqual({
    epoch: EPOCH,
    offset: steps.length,
    count: IDS.length,
    sha256: createHash("sha256").update(text).digest("hex"),
  });
});

test("SNP1 a line of 100,000 items takes changes anywhere and gives its newest", () => {
  const standings = Array.from({ length: 100_000 }, (_, n) => {
    return { id: `item-${String(n).padStart(6, "0")}`, orderedAtMs: (n * 7919) % 100_000, revision: 1 };
  });
  const position = { epoch: EPOCH, offset: 0 };
  const view = new LineView({ channel: "public:main", position, standings });
  for (let n = 1; n <= 2_000; n += 1) {
    const id = `new--${String(n).padStart(6, "0")}`;
    const orderedAtMs = n % 2 === 0 ? 200_000 + n : n * 40;
    const item = toItemJson(id, 1, orderedAtMs);
    view.apply({ offset: n, atMs: n, id, revision: 1, orderedAtMs, op: { kind: "put", item } });
  }
  const list = [...view.order];
  expect(list).toHaveLength(102_000);
  const isSorted = list.every((one, n) => {
    const next = list[n + 1];
    return (
      next === undefined ||
      one.orderedAtMs > next.orderedAtMs ||
      (one.orderedAtMs === next.orderedAtMs && one.id > next.id)
    );
  });
  expect(isSorted).toBe(true);
  expect(read(view.answer(undefined, 2)).items[0].id).toBe("new--002000");
});
