import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { root } from "./support/repository.ts";

const report = z.object({
  diagnostics: z.array(z.object({ message: z.string(), filename: z.string(), code: z.string() })),
});

/** Counted by the linter's parser, which knows where a function ends. */
async function lint(rules: object, folders: string[]): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), "nl-size-"));
  const config = join(dir, "size.json");
  writeFileSync(config, JSON.stringify({ categories: { correctness: "off" }, rules }));
  const args = [join(root, "node_modules/oxlint/bin/oxlint"), "-c", config, "--format", "json", ...folders];
  try {
    // A finding makes the exit code 1; what counts is the report.
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root }).catch(
      (error: unknown) => z.object({ stdout: z.string() }).parse(error),
    );
    return report.parse(JSON.parse(stdout)).diagnostics.map((one) => `${one.filename}: ${one.message}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const countsCode = { skipBlankLines: true, skipComments: true };

test("LAW9 no function is longer than 80 lines, none takes more than 4 parameters or nests deeper than 4", async () => {
  const rules = {
    "max-lines-per-function": ["error", { max: 80, ...countsCode }],
    "max-params": ["error", 4],
    "max-depth": ["error", 4],
  };
  expect(await lint(rules, ["src", "workers", "client", "scripts", "bench"])).toEqual([]);
});

test("LAW10 no file is longer than 500 lines", async () => {
  const rules = { "max-lines": ["error", { max: 500 }] };
  expect(await lint(rules, ["src", "workers", "client", "scripts", "bench", "test"])).toEqual([]);
});

test("LAW11 the count counts", async () => {
  const found = await lint({ "max-lines": ["error", { max: 5 }] }, ["test/size-law.test.ts"]);
  expect(found).toHaveLength(1);
});
