import { describe, expect, it } from "vitest";
import { noResurrection } from "../../bench/checker/laws/no-resurrection.ts";
import { nothingLost } from "../../bench/checker/laws/nothing-lost.ts";
import { nothingPartial } from "../../bench/checker/laws/nothing-partial.ts";
import { nothingStale } from "../../bench/checker/laws/nothing-stale.ts";
import { nothingWithheld } from "../../bench/checker/laws/nothing-withheld.ts";
import { oneMeaning } from "../../bench/checker/laws/one-meaning.ts";
import { toStateHash } from "../../bench/checker/truth.ts";
import {
  asked,
  at,
  delta,
  held,
  item,
  LINE,
  page,
  put,
  remove,
  snapshot,
  toEvidence,
  toHeard,
  toLog,
  toMark,
  toMs,
  wordsOf,
} from "../support/heard.ts";

const [A, B] = [item("a"), item("b")];
const LOG = toLog([put("a"), put("b"), remove("a"), put("b", 2)]);

describe("no resurrection", () => {
  it("CAT3 CHK3 a follower that got past a kill without being told holds the dead", () => {
    const forgotten = toHeard([
      asked(),
      snapshot(at(2), [B, A]),
      delta(2, 3, []),
      delta(3, 4, [put("b", 2)]),
    ]);
    expect(wordsOf(noResurrection, toEvidence(forgotten, LOG))).toEqual([
      `a was killed and is held at ${at(3)}`,
    ]);
    const told = toHeard([asked(), snapshot(at(2), [B, A]), delta(2, 3, [remove("a")])]);
    expect(wordsOf(noResurrection, toEvidence(told, LOG))).toEqual([]);
  });

  it("CAT3 CHK3 a snapshot replaces what was held: absence tells it as well", () => {
    const heard = toHeard([asked(), snapshot(at(2), [B, A]), asked(at(2)), snapshot(at(4), [item("b", 2)])]);
    expect(wordsOf(noResurrection, toEvidence(heard, LOG))).toEqual([]);
  });

  it("KIL1 CHK3 a put after the kill is told, unless an editor let the item back", () => {
    const log = toLog([put("a"), remove("a"), put("a", 3)]);
    const heard = toHeard([]);
    expect(wordsOf(noResurrection, toEvidence(heard, log))).toEqual(["a was put again after its kill"]);
    const absences = [{ id: "a", why: "killed" as const, sinceMs: toMs(1), untilMs: toMs(2) }];
    expect(wordsOf(noResurrection, toEvidence(heard, log, { absences }))).toEqual([]);
  });

  it("KIL4 CHK3 whoever asks 3 s after the kill was acknowledged must not be given the item", () => {
    const absences = [{ id: "a", why: "killed" as const, sinceMs: toMs(0) }];
    const early = toHeard([page(at(2), [B, A], toMs(2))]);
    const late = toHeard([page(at(2), [B, A], toMs(4))]);
    expect(wordsOf(noResurrection, toEvidence(early, LOG, { absences }))).toEqual([]);
    expect(wordsOf(noResurrection, toEvidence(late, LOG, { absences }))).toEqual([
      "a was killed and is shown",
    ]);
    const troubles = [{ gateway: 0, fromMs: toMs(0), toMs: toMs(9), why: "cut" }];
    expect(wordsOf(noResurrection, toEvidence(late, LOG, { absences, troubles }))).toEqual([]);
  });

  it("KIL4 CHK3 an item door that answers 200 for a dead item is told", () => {
    const absences = [{ id: "a", why: "killed" as const, sinceMs: toMs(0) }];
    const ask = (status: number) =>
      toHeard([{ kind: "item", askedMs: toMs(5), gateway: 0, id: "a", status, marks: [] }]);
    expect(wordsOf(noResurrection, toEvidence(ask(410), LOG, { absences }))).toEqual([]);
    expect(wordsOf(noResurrection, toEvidence(ask(200), LOG, { absences }))).toHaveLength(1);
  });
});

describe("one meaning of an offset", () => {
  it("P3 CHK3 two clients that were told two things at one offset are told of, without a look at the log", () => {
    const other = { op: "put" as const, item: { ...B, print: "other words" } };
    const heard = toHeard(
      [asked(), snapshot(at(1), [A]), delta(1, 2, [put("b")])],
      [asked(), snapshot(at(1), [A]), delta(1, 2, [other])],
    );
    const words = wordsOf(oneMeaning, toEvidence(heard, LOG));
    expect(words).toContain(`the delta ${at(1)}–2 is not what client 0 was given`);
    expect(words).toContain(`b 1 stands in ${at(1)}–2 and not so in the log`);
  });

  it("P3 CHK3 a position that the line never had is told", () => {
    const heard = toHeard([page(at(9), [A], 0)]);
    expect(wordsOf(oneMeaning, toEvidence(heard, LOG))).toEqual([`main was never at ${at(9)}`]);
  });
});

describe("nothing withheld", () => {
  it("EMB4 CHK3 a sealed text is heard before its time, or never is its time", () => {
    const heard = toHeard([asked(), snapshot(at(1), [A])]);
    const sealed = (untilMs?: number) => ({
      secrets: [{ mark: toMark("a", 1), ...(untilMs !== undefined && { untilMs }) }],
    });
    expect(wordsOf(nothingWithheld, toEvidence(heard, LOG, sealed()))).toEqual([
      `the withheld text ${toMark("a", 1)} was heard`,
    ]);
    expect(wordsOf(nothingWithheld, toEvidence(heard, LOG, sealed(toMs(2))))).toHaveLength(1);
    expect(wordsOf(nothingWithheld, toEvidence(heard, LOG, sealed(toMs(1))))).toEqual([]);
  });

  it("HLD1 CHK3 an item that is held is given to nobody who asks", () => {
    const absences = [{ id: "a", why: "held" as const, sinceMs: toMs(0), untilMs: toMs(20) }];
    const heard = toHeard([page(at(2), [B, A], toMs(10))]);
    expect(wordsOf(nothingWithheld, toEvidence(heard, LOG, { absences }))).toEqual([
      "a was held and is shown",
    ]);
  });
});

describe("nothing partial", () => {
  it("CAT1 CHK3 a catch-up that leaves something out or adds something is told", () => {
    const answer = (ops: Parameters<typeof delta>[2]) =>
      toHeard([asked(at(1)), { kind: "catch-up", position: at(4), deltas: [delta(1, 4, ops)] }]);
    const check = (ops: Parameters<typeof delta>[2]) => wordsOf(nothingPartial, toEvidence(answer(ops), LOG));
    expect(check([remove("a"), put("b", 2)])).toEqual([]);
    expect(check([put("b", 2)])).toEqual([`${at(1)}–4 lacks remove a r2 (killed)`]);
    expect(check([remove("a"), put("b", 2), put("x")])).toEqual([
      `${at(1)}–4 has, against the log, put x r1`,
    ]);
  });

  it("SNP1 CHK3 a snapshot that is not the line at its position, or counts wrongly, is told", () => {
    const check = (...given: Parameters<typeof snapshot>) =>
      wordsOf(nothingPartial, toEvidence(toHeard([asked(), snapshot(...given)]), LOG));
    expect(check(at(2), [B, A])).toEqual([]);
    expect(check(at(2), [B])).toEqual([`a snapshot at ${at(2)} counts 1 items of 2`]);
    expect(check(at(4), [B])).toEqual([`the snapshot at ${at(4)} lacks b r2 and has, against the log, b r1`]);
  });

  it("CHK3 in the end a client holds the line, or all of it from its lowest item up", () => {
    const log = toLog([put("a", 1, 9), put("b", 1, 10), put("c", 1, 11)]);
    const check = (...given: Parameters<typeof held>) =>
      wordsOf(nothingPartial, toEvidence(toHeard([held(...given)]), log));
    const [c, b, a] = [item("c", 1, 11), item("b", 1, 10), item("a", 1, 9)];
    expect(check(at(3), [c, b, a], true)).toEqual([]);
    expect(check(at(3), [c, b], false)).toEqual([]);
    expect(check(at(3), [c, b], true)).toEqual([`what is held at ${at(3)} lacks a r1`]);
    expect(check(at(3), [c, a], false)).toEqual([`what is held at ${at(3)} lacks b r1`]);
  });

  it("CHK3 a feed tells of what has left all that it reaches, and nothing that is there", () => {
    const feed = (removed: string[]) =>
      toHeard([
        {
          ...page(at(3), [B], 0),
          kind: "page",
          askedMs: 0,
          door: "atom",
          gateway: 0,
          position: at(3),
          removed,
        },
      ]);
    expect(wordsOf(nothingPartial, toEvidence(feed(["a"]), LOG))).toEqual([]);
    expect(wordsOf(nothingPartial, toEvidence(feed([]), LOG))).toEqual([
      `the atom at ${at(3)} does not say that a has left`,
    ]);
    expect(wordsOf(nothingPartial, toEvidence(feed(["a", "b"]), LOG))).toEqual([
      `the atom at ${at(3)} says that b has left`,
    ]);
  });
});

describe("nothing stale", () => {
  it("KIL4 CHK3 a page is at most 3 s behind when it is asked for, unless its gateway was in trouble", () => {
    const check = (
      askedSecond: number,
      troubles = new Array<{ gateway: number; fromMs: number; toMs: number; why: string }>(),
    ) =>
      wordsOf(nothingStale, toEvidence(toHeard([page(at(2), [B, A], toMs(askedSecond))]), LOG, { troubles }));
    expect(check(5)).toEqual([]);
    expect(check(6)).toEqual([`the page at ${at(2)} was asked for 4.0 s after it was out of date`]);
    expect(check(6, [{ gateway: 1, fromMs: toMs(0), toMs: toMs(9), why: "cut" }])).toHaveLength(1);
    expect(check(6, [{ gateway: 0, fromMs: toMs(0), toMs: toMs(4), why: "cut" }])).toEqual([]);
  });
});

describe("nothing lost", () => {
  it("P1 CHK3 what was acknowledged stands where the answer said", () => {
    const write = (position: string, revision = 2) => ({
      writes: [{ mark: "w1", id: "b", revision, askedMs: 0, answeredMs: 1, positions: { [LINE]: position } }],
    });
    const check = (ledger: ReturnType<typeof write>) =>
      wordsOf(nothingLost, toEvidence(toHeard(), LOG, ledger));
    expect(check(write(at(4)))).toEqual([]);
    expect(check(write(at(3)))).toHaveLength(1);
    expect(check(write(at(5)))).toHaveLength(1);
    expect(check(write(at(4), 1))).toHaveLength(1);
  });

  it("CHK3 every gateway ends with the log, and every follower gets there", () => {
    const sha256 = toStateHash([item("b", 2)]);
    const final = { line: LINE, gateway: 0, position: at(4), count: 1, sha256 };
    const heard = toHeard([asked(), snapshot(at(4), [item("b", 2)]), held(at(4), [item("b", 2)])]);
    const check = (last: typeof final) => wordsOf(nothingLost, toEvidence(heard, LOG, { finals: [last] }));
    expect(check(final)).toEqual([]);
    expect(check({ ...final, sha256: "other" })).toEqual([
      `gateway 0 shows another main at ${at(4)} than the log`,
    ]);
    expect(check({ ...final, position: at(3) })).toHaveLength(2);
    const asleep = toHeard([asked(), snapshot(at(4), [item("b", 2)])]);
    expect(wordsOf(nothingLost, toEvidence(asleep, LOG, { finals: [final] }))).toEqual([
      `it ends at nowhere, and main at ${at(4)}`,
    ]);
  });
});
