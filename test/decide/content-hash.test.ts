import { expect, test } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import { at, Story, toDraft } from "../support/decide.ts";

const FIRST = {
  guid: "story-1",
  headline: "Łeba port \u201copen\u201d \u2013 at last",
  bodyText: "Ferries run. It\u2019s calm.",
  time: at("10:00"),
};

/** What becomes of a second telling, and how many revisions there are then. */
function retell(fields: Partial<Draft>): [outcome: string | undefined, revision: number] {
  const story = new Story();
  story.tell(toDraft(FIRST));
  story.tell(toDraft({ ...FIRST, ...fields }));
  return [story.outcomes[1], story.state.revision];
}

const same = retell({});

test.each([
  ["blanks", { bodyText: "Ferries\u00a0run.  It\u2019s calm. " }],
  ["quotes", { headline: 'Łeba port "open" \u2013 at last', bodyText: "Ferries run. It's calm." }],
  ["dashes", { headline: "Łeba port \u201copen\u201d \u2014 at last" }],
  ["letters put together otherwise", { headline: FIRST.headline.normalize("NFD") }],
  ["what does not count", { byline: "Somebody Else", edNote: "To editors.", link: "https://wire.example/2" }],
] satisfies [string, Partial<Draft>][])(
  "REV2 a version that differs only in %s is no revision",
  (_name, fields) => {
    expect(same[1]).toBe(1);
    expect(retell(fields)).toEqual(same);
  },
);

test.each([
  ["headline", { headline: "Łeba port shut again" }],
  ["body text", { bodyText: "Ferries wait." }],
  ["urgency", { urgency: 2 }],
  ["status", { pubStatus: "withheld", pubStatusWritten: true }],
  ["embargo", { embargoedUntil: at("13:00") }],
  ["expiry", { expires: at("18:00") }],
] satisfies [string, Partial<Draft>][])("REV2 another %s is a revision", (_name, fields) => {
  expect(retell(fields)[1]).toBe(2);
});

test("REV2 without a body the summary counts", () => {
  const story = new Story();
  const { bodyText: _none, ...bare } = toDraft({ ...FIRST, summary: "Ferries run." });
  story.tell(bare);
  story.tell({ ...bare, summary: "Ferries wait." });
  expect(story.state.revision).toBe(2);
});

test("REV2 PAGE16 what is compared is folded, what is shown stays as it was written", () => {
  const story = new Story();
  story.tell(toDraft(FIRST));
  expect(JSON.stringify(story.state)).toContain(FIRST.headline);
});
