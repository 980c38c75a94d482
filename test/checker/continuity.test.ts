import { describe, expect, it } from "vitest";
import { inOrder } from "../../bench/checker/laws/in-order.ts";
import { noDuplicate } from "../../bench/checker/laws/no-duplicate.ts";
import { noGap } from "../../bench/checker/laws/no-gap.ts";
import {
  asked,
  at,
  delta,
  EPOCH,
  item,
  page,
  put,
  snapshot,
  toEvidence,
  toHeard,
  toLog,
  toMs,
  wordsOf,
} from "../support/heard.ts";

const LOG = toLog([put("a"), put("b"), put("c"), put("d")]);
const [A, B] = [item("a"), item("b")];

describe("no gap", () => {
  it("CHK3 deltas that continue the snapshot, a reset and a catch-up from where it stood are no gap", () => {
    const heard = toHeard([
      asked(),
      snapshot(at(2), [B, A]),
      delta(2, 3, [put("c")]),
      { kind: "reset", reason: "reloaded" },
      asked(at(3)),
      { kind: "catch-up", position: at(4), deltas: [delta(3, 4, [put("d")])] },
      { kind: "tick", epoch: EPOCH, offset: 4, live: true },
    ]);
    expect(wordsOf(noGap, toEvidence(heard, LOG))).toEqual([]);
    expect(wordsOf(noDuplicate, toEvidence(heard, LOG))).toEqual([]);
    expect(wordsOf(inOrder, toEvidence(heard, LOG))).toEqual([]);
  });

  it("CHK3 a delta that was dropped is a gap, told once", () => {
    const heard = toHeard([asked(), snapshot(at(1), [A]), delta(2, 3, [put("c")]), delta(3, 4, [put("d")])]);
    expect(wordsOf(noGap, toEvidence(heard, LOG))).toEqual([`a delta from ${at(2)} came at ${at(1)}`]);
  });

  it("CHK3 a tick that counts more than was sent tells that the last delta was dropped", () => {
    const heard = toHeard([
      asked(),
      snapshot(at(1), [A]),
      { kind: "tick", epoch: EPOCH, offset: 2, live: true },
    ]);
    expect(wordsOf(noGap, toEvidence(heard, LOG))).toEqual([`a tick at ${at(2)} came at ${at(1)}`]);
  });

  it("CHK3 a catch-up that begins late, has a hole or ends early is a gap", () => {
    const answers = [
      { position: at(4), deltas: [delta(2, 4, [])] },
      { position: at(4), deltas: [delta(1, 2, []), delta(3, 4, [])] },
      { position: at(4), deltas: [delta(1, 3, [])] },
      { position: at(2), deltas: [] },
    ];
    for (const answer of answers) {
      const heard = toHeard([asked(at(1)), { kind: "catch-up", ...answer }]);
      expect(wordsOf(noGap, toEvidence(heard, LOG))).toHaveLength(1);
    }
  });

  it("CHK3 an event stream may begin with what continues the cursor, and with nothing else", () => {
    const good = toHeard([asked(at(1), "events"), delta(1, 2, [put("b")])]);
    expect(wordsOf(noGap, toEvidence(good, LOG))).toEqual([]);
    const late = toHeard([asked(at(1), "events"), delta(2, 3, [put("c")])]);
    expect(wordsOf(noGap, toEvidence(late, LOG))).toHaveLength(1);
  });
});

describe("no duplicate", () => {
  it("CHK3 a delta that comes twice is told", () => {
    const heard = toHeard([
      asked(),
      snapshot(at(1), [A]),
      delta(1, 2, [put("b")]),
      delta(1, 2, [put("b")]),
      delta(2, 3, [put("c")]),
    ]);
    expect(wordsOf(noDuplicate, toEvidence(heard, LOG))).toEqual([`the delta ${EPOCH}:1–2 came at offset 2`]);
  });

  it("CHK3 an id twice in a delta, in a catch-up or in a list is told", () => {
    const heard = toHeard(
      [asked(), snapshot(at(1), [A]), delta(1, 3, [put("b"), put("b", 2)])],
      [
        asked(at(1)),
        { kind: "catch-up", position: at(3), deltas: [delta(1, 2, [put("b")]), delta(2, 3, [put("b", 2)])] },
      ],
      [page(at(2), [A, A], toMs(0))],
    );
    expect(wordsOf(noDuplicate, toEvidence(heard, LOG))).toEqual([
      "b is in one answer twice",
      "b is in one answer twice",
      "a stands in one list twice",
    ]);
  });

  it("CHK3 one write that made two items is told", () => {
    const twice = toLog([
      put("a"),
      { op: "put", item: { ...B, mark: "w1" } },
      { op: "put", item: { ...A, mark: "w1" } },
    ]);
    const heard = toHeard([]);
    expect(wordsOf(noDuplicate, toEvidence(heard, twice))).toEqual(["the write w1 made b and a"]);
  });
});

describe("order", () => {
  it("CHK3 two deltas that were swapped break continuity both ways", () => {
    const heard = toHeard([asked(), snapshot(at(1), [A]), delta(2, 3, [put("c")]), delta(1, 2, [put("b")])]);
    const evidence = toEvidence(heard, LOG);
    expect(wordsOf(noGap, evidence)).toHaveLength(1);
    expect(wordsOf(noDuplicate, evidence)).toHaveLength(1);
  });

  it("CHK3 ops of one delta in another order than the log's are told", () => {
    const heard = toHeard([asked(), snapshot(at(1), [A]), delta(1, 3, [put("c"), put("b")])]);
    expect(wordsOf(inOrder, toEvidence(heard, LOG))).toEqual([
      `the ops of ${EPOCH}:1–3 are not in log order`,
    ]);
  });

  it("ORD1 CHK3 a list is ordered by time and then by id, both descending", () => {
    const right = [item("c", 1, 12), item("b", 1, 11), item("a", 1, 11)];
    const [first, second, third] = right;
    if (first === undefined || second === undefined || third === undefined) throw new Error("no items");
    const heard = toHeard([page(at(3), right, 0)], [page(at(3), [first, third, second], 0)]);
    expect(wordsOf(inOrder, toEvidence(heard, LOG))).toEqual(["b stands below a"]);
  });

  it("P3 CHK3 a revision that goes back is told, also across two subscriptions", () => {
    const heard = toHeard([
      asked(),
      snapshot(at(1), [item("a", 3)]),
      { kind: "lost", why: "closed" },
      asked(at(1)),
      snapshot(at(2), [item("a", 2)]),
    ]);
    expect(wordsOf(inOrder, toEvidence(heard, LOG))).toEqual(["a went back from revision 3 to 2"]);
  });

  it("CAT2 CHK3 a snapshot that is older than the question is told, also across epochs", () => {
    const log = [...toLog([put("a"), put("b")]), ...toLog([put("c")], "epoch0002", 2)];
    const heard = toHeard([asked(at(1, "epoch0002")), snapshot(at(2), [B, A])]);
    expect(wordsOf(inOrder, toEvidence(heard, log))).toEqual([
      `a snapshot at ${at(2)} is older than epoch0002:1`,
    ]);
  });

  it("SUB1 CHK3 a delta before the answer or after a reset is told", () => {
    const before = toHeard([asked(at(1)), delta(1, 2, [put("b")])]);
    const after = toHeard([
      asked(),
      snapshot(at(1), [A]),
      { kind: "reset", reason: "reloaded" },
      delta(1, 2, [put("b")]),
    ]);
    for (const heard of [before, after]) {
      expect(wordsOf(inOrder, toEvidence(heard, LOG))).toEqual(["a delta came outside of a subscription"]);
    }
  });
});
