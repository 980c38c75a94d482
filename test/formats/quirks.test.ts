import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FORMATS } from "../../src/contract/profile.ts";
import { listFiles, root } from "../support/repository.ts";

/** What stands in front of a title: ids of rules and quirks. */
const IDS = /^(?:(?:[A-Z][A-Z0-9]*\d+|SNF|[A-Z]{3,4}) )+/u;
/** The first words of a call's arguments: titles of tests, and nothing else begins with an id and a sentence. */
const FIRST_ARGUMENT = /\(\s*("(?:[^"\\\n]|\\.)*"|`[^`\n]*`)\s*,/gu;

const page = readFileSync(join(root, "docs/formats/quirks.md"), "utf8");
const spec = readFileSync(join(root, "SPEC.md"), "utf8");

function readTitles(): Set<string> {
  const files = listFiles("test").filter((file) => file.endsWith(".test.ts"));
  const titles = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(FIRST_ARGUMENT)].map(([, literal = ""]) =>
      literal.slice(1, -1).replace(/\\(.)/gu, "$1"),
    ),
  );
  return new Set(titles);
}

interface Row {
  section: string;
  cells: string[];
}

/** Rows of the page's tables, without their heads. */
function readRows(): Row[] {
  let section = "";
  return page.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) section = line.slice(3);
    if (!line.startsWith("| ") || /^\| (?:id|preset|rule) \|/u.test(line)) return [];
    const cells = line
      .slice(2, -2)
      .split(/(?<!\\) \| /u)
      .map((cell) => cell.replaceAll("\\|", "|"));
    return [{ section, cells }];
  });
}

const titles = readTitles();
const idsOf = (title: string) => IDS.exec(title)?.[0].trim().split(" ") ?? [];
const titled = new Set([...titles].flatMap(idsOf));
const rows = readRows();
const named = rows.map(({ cells }) => ({
  id: cells[0] ?? "",
  titles: (cells.at(-1) ?? "").split("<br>").map((title) => title.replace(/^(`+) ?(.*?) ?\1$/u, "$2")),
}));
const quirks = rows.filter(({ cells }) => cells.length === 4);
const presets = readdirSync(join(root, "presets")).map((file) => file.replace(/\.json$/u, ""));

describe("docs/formats/quirks.md", () => {
  test("SET it is read as it is written: hundreds of titles, and a table of every kind", () => {
    expect(titles.size).toBeGreaterThan(1000);
    expect(quirks.length).toBeGreaterThan(200);
    expect(new Set(rows.map(({ cells }) => cells.length))).toEqual(new Set([2, 3, 4]));
  });

  test("SET every id has a quirk, an answer and a test whose title begins with it", () => {
    for (const { cells } of quirks) expect(cells.filter((cell) => cell.trim() === "")).toEqual([]);
    expect(quirks.map(({ cells }) => cells[0] ?? "").filter((id) => !titled.has(id))).toEqual([]);
  });

  test("SET every quirk has a rule: one of its tests begins with an id of SPEC.md as well", () => {
    const rules = new Set([...spec.matchAll(/\*\*([A-Z][A-Z0-9]*\d+)\*\*/gu)].map(([, id]) => id));
    const lawless = quirks.filter(
      ({ cells: [, , , tests = ""] }) =>
        !tests.split("<br>").some((title) => idsOf(title.replace(/^`+ ?/u, "")).some((id) => rules.has(id))),
    );
    expect(lawless.map(({ cells: [id] }) => id)).toEqual([]);
  });

  test("SET no id stands twice", () => {
    const ids = quirks.map(({ cells }) => cells[0] ?? "");
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test("SET every title that it names is the title of a test, word for word, and begins with the row's id", () => {
    const pairs = named.flatMap((row) => row.titles.map((title) => ({ id: row.id, title })));
    expect(pairs.filter(({ title }) => !titles.has(title))).toEqual([]);
    const isPreset = (id: string) => id.startsWith("`");
    expect(pairs.filter(({ id, title }) => !idsOf(title).includes(isPreset(id) ? "PRF2" : id))).toEqual([]);
  });

  test.each(FORMATS.filter((format) => format !== "auto"))(
    "SET the format %s has a section with quirks",
    (format) => {
      const section = page.split(/^## /mu).find((part) => part.includes(`](${format}.md)`)) ?? "";
      expect(section).toMatch(/^\| [A-Z0-9]+ \| /mu);
    },
  );

  test.each(presets)("SET the preset %s has a row with its test", (preset) => {
    expect(rows.map(({ cells }) => cells[0])).toContain(`\`${preset}\``);
  });
});

describe("SPEC.md", () => {
  const rules = [...spec.matchAll(/\*\*((?:TXT|PRV)\d+)\*\*/gu)].map(([, id = ""]) => id);

  test("SET it has a row for each rule of text and privacy, once", () => {
    expect(rules).toEqual(expect.arrayContaining(["TXT1", "TXT2", "TXT3", "TXT4", "PRV1", "PRV2", "PRV3"]));
    expect(rules.filter((id, at) => rules.indexOf(id) !== at)).toEqual([]);
  });

  test.each([...new Set(rules)])("SET the rule %s has a test whose title begins with it", (rule) => {
    expect(titled.has(rule)).toBe(true);
    expect(rows.some(({ cells }) => cells.length === 3 && cells[0] === rule)).toBe(true);
  });
});
