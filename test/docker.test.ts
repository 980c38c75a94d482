import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/repository.ts";

const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
const compose = readFileSync(join(root, "compose.yaml"), "utf8");

interface Copy {
  from: string | undefined;
  sources: string[];
}

/** No engine runs where the tests run, so at least what the file names must be there. */
const copies: Copy[] = [...dockerfile.matchAll(/^COPY (?:--from=(\w+) )?(.+) \S+$/gm)].map(
  ([, from, sources = ""]) => ({ from, sources: sources.split(" ") }),
);

test("DOC1 every path that is copied from the repository is in it, and is sent to the engine", () => {
  const paths = copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources);
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const sent = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  expect(sent).toContain("*");
  expect(paths.filter((path) => !sent.includes(`!${path}`))).toEqual([]);
});

test("DOC2 every path that is copied from the build is made by it", () => {
  const paths = copies.filter(({ from }) => from === "build").flatMap(({ sources }) => sources);
  expect(paths).toEqual(["/app/node_modules", "/app/dist"]);
  expect(dockerfile).toMatch(/npm ci[^]*node scripts\/build\.mjs/);
  // What the build reads: its own inputs, and nothing that is not copied before it.
  const build = readFileSync(join(root, "scripts/build.mjs"), "utf8");
  for (const input of ["src", "workers", "client", "tsconfig.json", "package-lock.json"]) {
    expect(build).toContain(`"${input}"`);
    expect(copies.flatMap(({ sources }) => sources)).toContain(input);
  }
});

test("DOC3 the image starts what the package calls newsline, as a user without rights, and is watched", () => {
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(dockerfile).toContain(`ENTRYPOINT ["node", "${bin.newsline}"]`);
  expect(existsSync(join(root, bin.newsline.replace(/^dist\//, "").replace(/\.js$/, ".ts")))).toBe(true);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK [^]*\/healthz/m);
});

test("DOC4 the composed Redis keeps what it has confirmed and evicts nothing", () => {
  for (const [name, value] of [
    ["appendonly", "yes"],
    ["appendfsync", "always"],
    ["maxmemory-policy", "noeviction"],
  ]) {
    expect(compose).toContain(` --${name} ${value}`);
  }
  expect(compose).toMatch(/command: \["gateway"\][^]*command: \["worker"\]/);
});
