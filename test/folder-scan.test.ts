import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Dropped, Settling } from "../workers/sources/folder-scan.ts";
import { sweepDone } from "../workers/sources/folder-sweep.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "nl-scan-"));
});
afterEach(() => rm(dir, { recursive: true }));

function dropped(name: string, size: number, mtimeMs: number): Dropped {
  return { path: Buffer.from(`/wire/${name}`), name, size, mtimeMs };
}

const names = (files: readonly Dropped[]) => files.map(({ name }) => name);

test("DRP3 a file has settled when its size and its time have not changed for a second", () => {
  const settling = new Settling(1_000);
  const look = (size: number, mtimeMs: number, nowMs: number) =>
    names(settling.settled([dropped("a", size, mtimeMs)], nowMs));
  expect(look(5, 10, 0)).toEqual([]);
  expect(look(6, 10, 900)).toEqual([]);
  expect(look(6, 11, 1_800)).toEqual([]);
  expect(look(6, 11, 2_700)).toEqual([]);
  expect(look(6, 11, 2_800)).toEqual(["a"]);
});

test("DRP3 the time since when it is so is ours, however wrong the share's clock goes", () => {
  const settling = new Settling(1_000);
  const future = dropped("a", 5, 9e15);
  expect(settling.settled([future], 0)).toEqual([]);
  expect(names(settling.settled([future], 1_000))).toEqual(["a"]);
});

test("DRP3 a file that was away begins anew", () => {
  const settling = new Settling(1_000);
  const file = dropped("a", 5, 10);
  settling.settled([file], 0);
  settling.settled([], 500);
  expect(settling.settled([file], 1_200)).toEqual([]);
});

test("DRP10 an empty file has ten times as long to be filled", () => {
  const settling = new Settling(1_000);
  const file = dropped("a", 0, 10);
  settling.settled([file], 0);
  expect(settling.settled([file], 9_900)).toEqual([]);
  expect(names(settling.settled([file], 10_000))).toEqual(["a"]);
});

test("DRP6 the oldest comes first, then by name", () => {
  const settling = new Settling(0);
  const files = [dropped("c", 1, 2), dropped("b", 1, 1), dropped("d", 1, 0), dropped("a", 1, 1)];
  expect(names(settling.settled(files, 0))).toEqual(["d", "a", "b", "c"]);
});

test("DRP16 done is emptied of what is older than its delivery, whatever time the sender gave the file", async () => {
  await mkdir(join(dir, "done"));
  await writeFile(join(dir, "done", "old.txt"), "");
  await utimes(join(dir, "done", "old.txt"), 1, 1);
  const now = Date.now();
  const days = 86_400_000;
  expect(await sweepDone(dir, now + 6 * days)).toBe(0);
  expect(await sweepDone(dir, now + 8 * days)).toBe(1);
  expect(await readdir(join(dir, "done"))).toEqual([]);
});
