import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import { NOW, Story, toDraft } from "../support/decide.ts";

const time = fc.integer({ min: 1, max: 8 }).map((n) => new Date(NOW - n * 600_000).toISOString());
const text = fc.constantFrom("One.", "Two.", "Three.");
const status = fc.constantFrom<Pick<Draft, "pubStatus" | "pubStatusWritten">>(
  { pubStatus: "usable" },
  { pubStatus: "usable" },
  { pubStatus: "usable", pubStatusWritten: true },
  { pubStatus: "withheld", pubStatusWritten: true },
  { pubStatus: "canceled", pubStatusWritten: true },
);
const kind = fc.constantFrom<Partial<Draft>>({}, {}, { change: "update" }, { change: "correction" });
const embargo = fc.constantFrom<Partial<Draft>>(
  {},
  {},
  {},
  { embargoedUntil: new Date(NOW + 3_600_000).toISOString() },
  { embargoedUntil: new Date(NOW - 60_000).toISOString() },
  { embargoOpen: "field" },
  { embargoOpen: "words" },
);

const body = fc.record({ bodyText: text, status, kind, embargo });
type Body = { bodyText: string; status: Partial<Draft>; kind: Partial<Draft>; embargo: Partial<Draft> };
const join = ({ bodyText, status, kind, embargo }: Body) => ({ bodyText, ...status, ...kind, ...embargo });

/** Versions that are told apart by number: each number once, whatever its time says. */
const numbered = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.option(time, { nil: undefined }), body), {
    minLength: 1,
    maxLength: 6,
    selector: ([version]) => version,
  })
  .map((versions) =>
    versions.map(([version, when, fields]) =>
      toDraft({ sourceVersion: String(version), ...(when && { time: when }), ...join(fields) }),
    ),
  );

/** Versions that are told apart by time: each time once. */
const timed = fc
  .uniqueArray(fc.tuple(time, body), { minLength: 1, maxLength: 6, selector: ([when]) => when })
  .map((versions) => versions.map(([when, fields]) => toDraft({ time: when, ...join(fields) })));

function shownAfter(drafts: readonly Draft[]) {
  const story = new Story();
  for (const draft of drafts) story.tell(draft);
  const { content, pubStatus, orderedAt, lines, publicLines, embargoedUntil } = story.state;
  return { text: content?.bodyText, pubStatus, orderedAt, lines, publicLines, embargoedUntil };
}

const withOrder = (versions: fc.Arbitrary<Draft[]>) =>
  versions.chain((drafts) =>
    fc.tuple(fc.constant(drafts), fc.shuffledSubarray(drafts, { minLength: drafts.length })),
  );

describe("every order of arrival ends in the same state", () => {
  it("REV1 for versions told apart by number", () => {
    fc.assert(
      fc.property(withOrder(numbered), ([drafts, shuffled]) => {
        expect(shownAfter(shuffled)).toEqual(shownAfter(drafts));
      }),
      { numRuns: 2_000 },
    );
  });

  it("REV1 for versions told apart by time", () => {
    fc.assert(
      fc.property(withOrder(timed), ([drafts, shuffled]) => {
        expect(shownAfter(shuffled)).toEqual(shownAfter(drafts));
      }),
      { numRuns: 2_000 },
    );
  });

  it("REV1 and for any of them sent twice, which has no second effect", () => {
    const twice = withOrder(numbered).chain(([drafts]) =>
      fc.tuple(
        fc.constant(drafts),
        fc.shuffledSubarray([...drafts, ...drafts], { minLength: drafts.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(twice, ([drafts, shuffled]) => {
        expect(shownAfter(shuffled)).toEqual(shownAfter(drafts));
      }),
      { numRuns: 1_000 },
    );
  });

  it("REV1 a revision never goes back and never stands twice", () => {
    fc.assert(
      fc.property(withOrder(numbered), ([, shuffled]) => {
        const story = new Story();
        let last = 0;
        for (const draft of shuffled) {
          const decision = story.tell(draft);
          if (decision.kind !== "put") continue;
          expect(decision.next.revision).toBe(last + 1);
          last = decision.next.revision;
        }
      }),
    );
  });
});
