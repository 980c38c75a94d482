import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { type Import, listFiles, readImports, root } from "./support/repository.ts";

const files = listFiles("src", "workers", "client").filter((path) => path.endsWith(".ts"));
const importsOf = new Map(files.map((path) => [path, readImports(path)]));

/** What a file belongs to: a folder of `src`, a file of `src` by its name, or `workers`, `client`. */
function partOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "src" ? second.replace(/\.ts$/, "") : top;
}

/** Parts that a part may import, beside itself. What is not listed may import all of `src`. */
const ALLOWED: Record<string, readonly string[]> = {
  contract: [],
  client: ["contract"],
  workers: ["contract", "queue", "store", "redis", "config", "config-error", "log"],
};

function breaches(isBreach: (from: string, imported: Import) => boolean): string[] {
  return [...importsOf].flatMap(([from, imports]) =>
    imports.filter((one) => one.isOurs && isBreach(from, one)).map((one) => `${from} → ${one.to}`),
  );
}

test("LAW1 contract imports nothing of ours, client and workers only what they may", () => {
  const found = breaches((from, { to }) => {
    const allowed = ALLOWED[partOf(from)];
    return allowed !== undefined && partOf(to) !== partOf(from) && !allowed.includes(partOf(to));
  });
  expect(found).toEqual([]);
});

test("LAW2 src never imports workers or client, except the composition root", () => {
  const found = breaches(
    (from, { to }) => from.startsWith("src/") && !from.startsWith("src/cli/") && !to.startsWith("src/"),
  );
  expect(found).toEqual([]);
});

test("LAW3 only the composition root imports the command line", () => {
  expect(breaches((from, { to }) => partOf(to) === "cli" && partOf(from) !== "cli")).toEqual([]);
});

test("LAW4 what a page loads brings no parser and nothing of Node", () => {
  const heavy = (path: string, seen = new Set<string>()): string[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    return (importsOf.get(path) ?? [])
      .filter((one) => !one.isTypeOnly)
      .flatMap((one) => (one.isOurs ? heavy(one.to, seen) : [one.to]));
  };
  const loaded = files.filter((path) => path.startsWith("client/")).flatMap((path) => heavy(path));
  expect(loaded.filter((name) => name === "zod" || name.startsWith("node:"))).toEqual([]);
});

test("LAW5 no file imports itself through others", () => {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const walk = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.add([...trail.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    for (const { to, isOurs } of importsOf.get(path) ?? []) if (isOurs) walk(to, [...trail, path]);
    done.add(path);
  };
  for (const path of files) walk(path, []);
  expect([...cycles]).toEqual([]);
});

test("LAW6 the laws above were held against every import", () => {
  const ours = [...importsOf.values()].flat().filter((one) => one.isOurs);
  expect(ours.length).toBeGreaterThan(files.length);
  expect(ours.filter(({ to }) => !/\.(ts|css)$/.test(to))).toEqual([]);
});

test("LAW7 no drawers: files are named after what they hold, in kebab-case", () => {
  const drawer = /^(utils?|helpers?|common|misc|shared|index|types)\.ts$/;
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/;
  const found = files.filter((path) => drawer.test(basename(path)) || !kebab.test(basename(path)));
  expect(found).toEqual([]);
});

test("LAW8 no barrels: no file only hands on what other files of ours export", () => {
  const isBarrel = (path: string) => {
    const text = readFileSync(join(root, path), "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
    const rest = text.replaceAll(/^(?:import|export)\s[^;]*?from\s+"[^"]+";$/gm, "");
    return /^export\s[^;]*?from\s"\./m.test(text) && rest.trim() === "";
  };
  expect(files.filter(isBarrel)).toEqual([]);
  expect(files.filter((path) => /^export \*/m.test(readFileSync(join(root, path), "utf8")))).toEqual([]);
});
