import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import { type Route, sourceProfile } from "../../src/contract/profile.ts";
import { toRouted } from "../../workers/route.ts";
import { IngestBench } from "../support/ingest.ts";

const draft = (fields: Partial<Draft>): Draft => ({ pubStatus: "usable", notes: [], ...fields });
const linesOf = (fields: Partial<Draft>, routes: Omit<Route, "lines">[], language?: string) => {
  const numbered = routes.map((route, i) => ({ ...route, lines: [`line-${i + 1}`] }));
  const profile = { kind: "push", lines: ["main"], routes: numbered, ...(language && { language }) };
  return toRouted(draft(fields), sourceProfile.parse(profile)).lines;
};

describe("routes", () => {
  test.each<[name: string, fields: Partial<Draft>, route: Omit<Route, "lines">, fits: boolean]>([
    ["a subject's name, without case", { subjects: ["Sport"] }, { subjects: ["sport"] }, true],
    ["a subject's code", { subjectCodes: ["medtop:15000000"] }, { subjects: ["medtop:15*"] }, true],
    ["another code", { subjectCodes: ["medtop:16000000"] }, { subjects: ["medtop:15*"] }, false],
    ["part of a name", { subjects: ["Motorsport"] }, { subjects: ["sport"] }, false],
    ["a slugline by its beginning", { slugline: "SPO-football/" }, { slugline: ["spo-*"] }, true],
    ["no slugline", {}, { slugline: ["spo-*"] }, false],
    ["a word of the headline", { headline: "Storm: port closed" }, { headline: ["port"] }, true],
    ["part of a word", { headline: "A report" }, { headline: ["port"] }, false],
    ["the beginning of a word", { headline: "All ports closed" }, { headline: ["port*"] }, true],
    ["a phrase over punctuation", { headline: "Baku, Port: closed" }, { headline: ["baku port"] }, true],
    ["words in Azerbaijani", { headline: "Bakıda güclü külək" }, { headline: ["güclü külək"] }, true],
    ["a language", { language: "en-GB" }, { language: ["en"] }, true],
    ["another language", { language: "en" }, { language: ["en-GB"] }, false],
    ["urgent enough", { urgency: 2 }, { urgency: 2 }, true],
    ["not urgent enough", { urgency: 3 }, { urgency: 2 }, false],
    ["no urgency is 5", {}, { urgency: 5 }, true],
    ["all of several", { subjects: ["sport"], urgency: 2 }, { subjects: ["sport"], urgency: 3 }, true],
    ["one of several", { subjects: ["sport"], urgency: 5 }, { subjects: ["sport"], urgency: 3 }, false],
    ["a hostile text", { slugline: "a".repeat(50_000) }, { slugline: ["*a*a*a*a*a*a*b"] }, false],
  ])("PRF3 %s", (_name, fields, route, fits) => {
    expect(linesOf(fields, [route])).toEqual(fits ? ["line-1"] : ["main"]);
  });

  test("PRF3 the profile's language stands in for an absent one", () => {
    expect(linesOf({}, [{ language: ["az"] }], "az")).toEqual(["line-1"]);
  });

  test("PRF3 the lines of all routes that fit, each once, in their order", () => {
    const fields = { subjects: ["sport"], headline: "Port opens" };
    expect(linesOf(fields, [{ headline: ["port"] }, { urgency: 1 }, { subjects: ["sport"] }])).toEqual([
      "line-1",
      "line-3",
    ]);
  });

  test("PRF3 a route without a condition is refused", () => {
    const parsed = sourceProfile.safeParse({ kind: "push", lines: ["main"], routes: [{ lines: ["x"] }] });
    expect(parsed.error?.issues[0]?.message).toContain("needs a condition");
  });
});

describe("routed items", () => {
  let bench: IngestBench;
  beforeAll(async () => {
    bench = await IngestBench.start();
  });
  afterAll(() => bench.stop());

  const story = (id: string, version: string, subject: string, more = {}) => ({
    uri: id,
    version,
    headline: `Headline ${version} of ${id}`,
    subject: [{ name: subject, code: `code-${subject}` }],
    ...more,
  });
  const idsOf = async (line: string) => (await bench.line(line)).map(({ headline }) => headline);

  test("PRF3 an item goes to its routes' lines, which exist from then on, and moves when its subject changes", async () => {
    const routes = [
      { subjects: ["code-sport"], lines: ["sport", "main"] },
      { subjects: ["code-culture"], lines: ["culture"] },
    ];
    await bench.source("agency", { lines: ["rest"], routes });
    const { redis, keys } = bench.store.edition;
    expect(await redis.hmget(keys.lines, "sport", "culture", "rest")).toEqual(["{}", "{}", "{}"]);
    await bench.deliver("agency", story("urn:a:1", "1", "sport"));
    await bench.deliver("agency", story("urn:a:2", "1", "weather"));
    expect(await idsOf("sport")).toEqual(["Headline 1 of urn:a:1"]);
    expect(await idsOf("main")).toEqual(["Headline 1 of urn:a:1"]);
    expect(await idsOf("rest")).toEqual(["Headline 1 of urn:a:2"]);
    await bench.deliver("agency", story("urn:a:1", "2", "culture"));
    expect(await idsOf("sport")).toEqual([]);
    expect(await idsOf("culture")).toEqual(["Headline 2 of urn:a:1"]);
  });

  test("KIL3 a kill takes a routed item from every line that a route has put it on", async () => {
    await bench.source("wire", { lines: ["rest"], routes: [{ subjects: ["sport"], lines: ["one", "two"] }] });
    await bench.deliver("wire", story("urn:w:1", "1", "sport"));
    await bench.deliver("wire", story("urn:w:1", "2", "nothing", { pubstatus: "canceled" }));
    expect([await idsOf("one"), await idsOf("two"), await idsOf("rest")].flat()).not.toContain(
      "Headline 1 of urn:w:1",
    );
  });

  test("TIM2 late is measured on the lines that the item goes to", async () => {
    const routes = [{ subjects: ["calm"], lines: ["calm"] }];
    await bench.source("late", { lines: ["busy"], routes });
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();
    await bench.deliver("late", story("urn:l:0", "1", "any", { versioncreated: hours(3) }));
    await bench.deliver("late", story("urn:l:1", "1", "any", { versioncreated: hours(0) }));
    await bench.deliver("late", story("urn:l:2", "1", "any", { versioncreated: hours(1) }));
    await bench.deliver("late", story("urn:l:3", "1", "calm", { versioncreated: hours(1) }));
    expect((await bench.line("busy")).map(({ late }) => late)).toEqual([undefined, true, undefined]);
    expect((await bench.line("calm")).map(({ late }) => late)).toEqual([undefined]);
  });
});
