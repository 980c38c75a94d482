import { describe, expect, test } from "vitest";
import { changeInHeadline, changeInSlug, hasEmbargoWords } from "../../workers/text/change-words.ts";
import { cleanHeadline, firstSentence } from "../../workers/text/headline.ts";
import { toPlainParagraphs } from "../../workers/text/paragraphs.ts";
import { cutSignOff } from "../../workers/text/sign-off.ts";
import { tellStory } from "../../workers/text/story.ts";
import { testProfile } from "./profile.ts";

describe("sign-offs", () => {
  test.each([
    ["The port is open. -02D-", "The port is open.", "-02D-"],
    ["The port is open.-06D-", "The port is open.", "-06D-"],
    ["The port is open.--06D--", "The port is open.", "--06D--"],
    ["The port is open. -03D06--", "The port is open.", "-03D06--"],
    ["The port is open.—0--", "The port is open.", "—0--"],
    ["The port is open. -0-", "The port is open.", "-0-"],
    ["The port is open. —06D-", "The port is open.", "—06D-"],
    ["The port is open. -16 / 03B-", "The port is open.", "-16 / 03B-"],
    ["The port is open. -16/06С-", "The port is open.", "-16/06С-"],
    ["The port is open. --05D06--", "The port is open.", "--05D06--"],
    ["The port is open. –21C-", "The port is open.", "–21C-"],
    ["The port is open. -06D", "The port is open.", "-06D"],
    ["“The port is open.” -02D-", "“The port is open.”", "-02D-"],
    ["Is the port open? -02D-", "Is the port open?", "-02D-"],
    ["The port is open (again) -02D-", "The port is open (again)", "-02D-"],
    ["The port is open.\n06B", "The port is open.", "06B"],
    ["The port is open.\n-0-", "The port is open.", "-0-"],
    ["The port is open. -02D- https://example.org/a", "The port is open.", "-02D-"],
  ])("TXT2 PAGE11 a sign-off is cut and kept as written: %j", (text, rest, signOff) => {
    expect(cutSignOff(text)).toEqual({ text: rest, signOff });
  });

  test.each([
    "The match ended 2-0",
    "The season 2016-17",
    "The leaders of the G-20",
    "It was -12",
    "He paid — 50",
    "The bill is 50",
    "See https://example.org/a-02",
    "Call 555-12",
    "The score was 2-0.",
    "They scored in minute 06B of play",
    "The year\n2016",
  ])("TXT2 PAGE15 no sign-off: %j", (text) => {
    expect(cutSignOff(text).signOff).toBeUndefined();
  });

  test("TXT2 a profile's own pattern replaces the built-in one", () => {
    expect(cutSignOff("Done. [desk 7]", "\\[desk \\d\\]")).toEqual({ text: "Done.", signOff: "[desk 7]" });
    expect(cutSignOff("Done. -02D-", "\\[desk \\d\\]").signOff).toBeUndefined();
  });
});

describe("headlines", () => {
  test.each([
    ["Port opens =", "Port opens"],
    ["^Port opens<", "Port opens"],
    [">>> Port opens >>>", "Port opens"],
    ["+++ Port opens +++", "Port opens"],
    ["Port opens +", "Port opens"],
    ["Disney+", "Disney+"],
    ["  Port\u00a0 opens\n today ", "Port opens today"],
    ["Port  a\u202eb\u0007", "Port ab"],
    ["=", ""],
  ])("TXT1 WIRE22 typesetting marks go from the ends of a headline: %j becomes %j", (written, headline) => {
    expect(cleanHeadline(written)).toBe(headline);
  });

  test.each([
    [
      "RIVERTON (Agency) – Mr. J. Lee left at 5.30 p.m. today. He said no.",
      "Mr. J. Lee left at 5.30 p.m. today.",
    ],
    ["Riverton / 18.11.18 / Desk: The port is open. More.", "The port is open."],
    ["The port is open.\n\nMore.", "The port is open."],
    ["“The port is open!” he said. More.", "“The port is open!” he said."],
    ["The U.S. Senate met. More.", "The U.S. Senate met."],
    ["no end", "no end"],
    ["", ""],
  ])("TXT1 the first sentence of %j", (text, sentence) => {
    expect(firstSentence(text)).toBe(sentence);
  });

  test.each([
    ["CORRECTION: Port opens", "correction"],
    ["Correction: Port opens", "correction"],
    ["CORRECTED-Port opens", "correction"],
    ["Port opens (CORRECTED)", "correction"],
    ["UPDATE 2-Port opens", "update"],
    ["Port opens (UPDATED)", "update"],
    ["Port opens(UPDATED)", "update"],
    ["Port opens [UPDATE]", "update"],
    ["Updated: Port opens", "update"],
  ])("TXT1 %j says of itself that it is a(n) %s", (headline, change) => {
    expect(changeInHeadline(headline)).toEqual({ change, continues: true });
  });

  test.each([
    "A correction of markets",
    "House of Correction opens",
    "Windows update breaks printers",
    "Lead poisoning",
  ])("TXT1 a word of change inside a headline is news: %j", (headline) => {
    expect(changeInHeadline(headline)).toEqual({});
  });

  test.each([
    ["BC-Port, 1st Ld-Writethru", "update"],
    ["port/LEAD", "update"],
    ["Port-CORRECTION", "correction"],
    ["port-misleading", undefined],
  ])(
    "REV3 a slug tells by its take that it continues, not by a word that looks like one: %j",
    (slug, change) => {
      expect(changeInSlug(slug).change).toBe(change);
    },
  );

  test.each([
    ["EMBARGOED until 10:00 GMT", true],
    ["Port opens (EMBARGO 10:00)", true],
    ["UNDER EMBARGO: Port opens", true],
    ["Sperrfrist 10 Uhr", true],
    ["Not for publication before Friday", true],
    ["For release Sunday, Nov. 17, and thereafter", true],
    ["FOR USE 10 A.M. EST", true],
    ["FOR IMMEDIATE RELEASE", false],
    ["For release of 12 hostages, minister calls on rebels", false],
    ["EU lifts arms embargo on Ruritania", false],
    ["ARMS EMBARGO LIFTED", false],
    ["Embargo to be lifted", false],
  ])("EMB2 WIRE28 %j tells an embargo in words: %s", (line, told) => {
    expect(hasEmbargoWords(line)).toBe(told);
  });
});

describe("story text", () => {
  const profile = testProfile();

  test("TXT2 hard-wrapped lines are joined, what begins a line for a reason stays apart", () => {
    const text = [
      "The council of the harbour town voted on Tuesday evening to open the",
      "port to larger ships from the spring, a plan that has been argued over",
      "for years.",
      "",
      "   The vote was close.",
      "- one bullet",
      "- another bullet",
    ].join("\r\n");
    expect(toPlainParagraphs(text, true)).toEqual([
      "The council of the harbour town voted on Tuesday evening to open the port to larger ships from the spring, a plan that has been argued over for years.",
      "The vote was close.",
      "- one bullet",
      "- another bullet",
    ]);
  });

  test("TXT2 one line that sticks out, such as an address, does not change where the others were wrapped", () => {
    const wrapped = [
      "The council of the harbour town voted on Tuesday evening to open the",
      "port to larger ships from the spring, a plan that has been argued over",
      "for years.",
    ];
    const text = [...wrapped, "", ...wrapped, "", `See https://example.org/${"a".repeat(120)}`].join("\n");
    expect(toPlainParagraphs(text, true).slice(0, 2)).toEqual([wrapped.join(" "), wrapped.join(" ")]);
  });

  test("PRV1 a private mark is seen where no blank line stands before it, and not inside a wrapped sentence", () => {
    const mark = "The port is open, the council said.\n# Notebook\nPhone 1";
    expect(tellStory(toPlainParagraphs(mark, true), profile).bodyText).toBe(
      "The port is open, the council said.",
    );
    const sentence = "The memo on the opening of the port that came on Tuesday was\nnot for publication";
    expect(tellStory(toPlainParagraphs(sentence, true), profile).edNote).toBeUndefined();
  });

  test("PRV1 WIRE9 the initials of writer and editors that close a text are for the desk", () => {
    expect(tellStory(["One.", "hh/ph/ts/hd"], profile)).toMatchObject({
      bodyText: "One.",
      edNote: "hh/ph/ts/hd",
    });
    expect(tellStory(["One.", "bur-jm/ric"], profile)).toMatchObject({
      bodyText: "One.",
      edNote: "bur-jm/ric",
    });
  });

  test("TXT2 lines that are whole paragraphs stay paragraphs", () => {
    const long = "A long paragraph in one line that nobody wrapped. ".repeat(5).trim();
    expect(toPlainParagraphs(`${long}\n${long}`, true)).toEqual([long, long]);
  });

  test("TXT2 a first block equal to the headline is cut, but for quotes, dashes and case", () => {
    const headline = '"Port" opens - TODAY';
    expect(tellStory(["“Port”  opens – today", "Text."], profile, headline).bodyText).toBe("Text.");
    expect(tellStory(["Port opens today, says mayor", "Text."], profile, "Port opens").bodyText).toContain(
      "mayor",
    );
  });

  test.each(["ends", "ENDS", "- ends -", "(ends)", "-30-", "###", "hh/ph/ts/hd", "AB/CD", "END", "--END--"])(
    "TXT2 WIRE22 the end mark %j is cut",
    (mark) => {
      expect(tellStory(["One.", "Two.", mark], profile).bodyText).toBe("One.\n\nTwo.");
      expect(tellStory(["One.", `Two.\n${mark}`], profile).bodyText).toBe("One.\n\nTwo.");
    },
  );

  test("TXT2 words that end a story are no end marks", () => {
    for (const last of [
      "The road ends",
      "That is the end",
      "Friends",
      "And/Or",
      "He left. End of story, he said.",
    ]) {
      expect(tellStory(["One.", last], profile).bodyText).toBe(`One.\n\n${last}`);
    }
    expect(tellStory(["He left. ENDS"], profile).bodyText).toBe("He left.");
  });

  test("TXT2 PAGE14 a sign-off before an end mark, or with a link of its own behind it, is still found", () => {
    expect(tellStory(["One. -02D-", "ends"], profile)).toMatchObject({ bodyText: "One.", signOff: "-02D-" });
    expect(tellStory(["One. -02D-", "https://example.org/x"], profile)).toMatchObject({
      bodyText: "One.",
      signOff: "-02D-",
    });
  });

  test.each([
    [["One.", "* * * *", "The following information is not intended for publication", "Phone 1"]],
    [["One.", "NOT FOR PUBLICATION: phone 1", "phone 2"]],
    [["One.", "# Notebook", "## Contacts", "Phone 1"]],
    [["One.", "# dpa NOTEBOOK", "Phone 1"]],
    [["One.", "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt", "Tel. 1"]],
    [["One.", "Notes to editors", "Phone 1"]],
    [["One.", "NOTE TO EDITORS:", "Phone 1"]],
    [["One.", "Private note", "Phone 1"]],
  ])("PRV1 WIRE8 all that follows the mark in %j is for editors", (paragraphs) => {
    const story = tellStory(paragraphs, profile);
    expect(story.bodyText).toBe("One.");
    expect(story.edNote).toMatch(/1|2/u);
  });

  test.each([
    "Eds: adds quote in graf 3",
    "EDS: adds quote",
    "(Eds: adds quote.)",
    "Editor's note: adds quote",
    "Editors’ note - adds quote",
    "ATTENTION EDITORS - adds quote",
    "Note to editors: adds quote",
    "Private note: adds quote",
  ])("PRV1 WIRE8 the paragraph %j alone is for editors", (note) => {
    expect(tellStory(["One.", note, "Two."], profile)).toMatchObject({
      bodyText: "One.\n\nTwo.",
      edNote: note,
    });
  });

  test("PRV1 WIRE9 a desk's phone at the end is for editors, one in the story is not", () => {
    const desk = "(Riverton newsroom, +1 555 010 0200)";
    expect(tellStory(["One.", "Two.", desk], profile)).toMatchObject({
      bodyText: "One.\n\nTwo.",
      edNote: desk,
    });
    const story = ["Call the help desk at 555 010 0200, they said.", "a", "b", "c", "d"];
    expect(tellStory(story, profile).edNote).toBeUndefined();
  });

  test("PRV1 WIRE8 a mark is seen behind two blanks and without a blank line before it", () => {
    expect(tellStory(["One.\nNot  for publication: phone 1", "phone 2"], profile)).toMatchObject({
      bodyText: "One.",
      edNote: "Not  for publication: phone 1\n\nphone 2",
    });
  });

  test("PRV1 WIRE8 the same words inside a sentence are news", () => {
    const paragraphs = [
      "The memo, which was not for publication, names three ministers and their aides in the harbour affair.",
      "The following day a list that was not for publication was found.",
      "He opened his notebook.",
      "Editors of three papers met.",
      "A private note of the mayor was found.",
    ];
    expect(tellStory(paragraphs, profile).edNote).toBeUndefined();
  });

  test("PRV1 a profile can switch a habit off by its name", () => {
    const off = testProfile({ habitsOff: ["editors-note", "sign-off", "end-mark"] });
    expect(tellStory(["Eds: x", "One. -02D-"], off)).toMatchObject({ bodyText: "Eds: x\n\nOne. -02D-" });
  });
});
