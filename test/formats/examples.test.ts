import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sourceProfile } from "../../src/contract/profile.ts";
import { itemChange, newItem } from "../../src/contract/rest.ts";
import { readDocument } from "../../workers/read.ts";
import { testProfile } from "./profile.ts";

const FOLDER = new URL("../../examples/", import.meta.url);
const readBytes = (name: string) => readFileSync(new URL(name, FOLDER));
const readJson = (name: string): unknown => JSON.parse(readBytes(name).toString());

const step = z.strictObject({
  afterMs: z.int().min(0).max(120_000),
  command: z.enum(["publish", "update", "correct", "kill"]),
  key: z.string(),
  fields: z.record(z.string(), z.unknown()).default({}),
});

describe("examples", () => {
  const steps = z.array(step).parse(readJson("demo.json"));

  test("SET the demo line plays for at most two minutes and every step is one that an editor could take", () => {
    const published = new Set<string>();
    for (const { command, key, fields } of steps.toSorted((a, b) => a.afterMs - b.afterMs)) {
      const { agoMs: _ago, ...written } = fields;
      if (command === "publish") {
        expect(published.has(key)).toBe(false);
        published.add(key);
        expect(newItem.safeParse(written).error?.issues).toBeUndefined();
      } else {
        expect(published.has(key)).toBe(true);
      }
      if (command === "update") expect(itemChange.safeParse(written).error?.issues).toBeUndefined();
      if (command === "correct") {
        expect(itemChange.safeParse({ change: "correction", ...written }).error?.issues).toBeUndefined();
      }
    }
  });

  test("SET the demo shows an update, a correction, a kill, a late item and more than one urgency", () => {
    expect(new Set(steps.map(({ command }) => command))).toEqual(
      new Set(["publish", "update", "correct", "kill"]),
    );
    expect(steps.some(({ afterMs, fields }) => afterMs > 0 && Number(fields["agoMs"] ?? 0) > 600_000)).toBe(
      true,
    );
    expect(new Set(steps.map(({ fields }) => fields["urgency"])).size).toBeGreaterThan(4);
  });

  test.each([
    ["agency-page.txt", "agency-page", 2],
    ["agency-page.html", "agency-page", 2],
    ["bulletin.txt", "agency-page", 3],
    ["feed.rss.xml", "rss", 3],
    ["feed.atom.xml", "atom", 2],
    ["feed.json", "json-feed", 2],
  ])("SET %s is known by its content and gives its drafts", (name, format, count) => {
    const profile = name.includes("feed") ? testProfile() : testProfile({ zone: "Asia/Baku" });
    const reading = readDocument(readBytes(name), { profile });
    expect([reading.format, reading.drafts.length]).toEqual([format, count]);
  });

  test("SET the example profile is a profile", () => {
    expect(sourceProfile.safeParse(readJson("agency-page.profile.json")).error?.issues).toBeUndefined();
  });

  test("SET every example is told of in the README", () => {
    const readme = readBytes("README.md").toString();
    for (const name of readdirSync(FOLDER).filter((file) => file !== "README.md")) {
      expect(readme).toContain(`\`${name}\``);
    }
  });
});
