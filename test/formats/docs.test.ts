import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FORMATS } from "../../src/contract/profile.ts";
import { HABITS } from "../../workers/text/habits.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const overview = readFileSync(new URL("formats.md", DOCS)).toString();

describe("docs/formats.md", () => {
  test.each(FORMATS.filter((format) => format !== "auto"))(
    "SET the format %s has a page that is linked",
    (format) => {
      expect(overview).toContain(`(formats/${format}.md)`);
      expect(existsSync(new URL(`formats/${format}.md`, DOCS))).toBe(true);
    },
  );

  test("PRV1 every habit that can be switched off is told of by its name", () => {
    for (const habit of Object.keys(HABITS))
      expect(overview).toMatch(new RegExp(`^\\| \`${habit}\` +\\|`, "mu"));
  });
});
