import { execFileSync } from "node:child_process";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { acceptDelivery } from "../src/store/deliveries.ts";
import { readSourceHealth } from "../src/store/sources.ts";
import { createFolderDrop } from "../workers/sources/folder.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";
import { openSourceRoom, type SourceRoom } from "./support/source-room.ts";

let redis: TestRedis;
let room: SourceRoom;
let wireDir: string;
let dir: string;
const drops: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  room = await openSourceRoom(redis);
  wireDir = await mkdtemp(join(tmpdir(), "nl-wire-"));
  dir = join(wireDir, "wire");
  await room.add("wire", { kind: "folder" });
  await mkdir(dir);
});
afterEach(async () => {
  await Promise.all(drops.splice(0).map((drop) => drop.close()));
  await room.close();
  await rm(wireDir, { recursive: true });
});

function startDrop(changed: Partial<Parameters<typeof createFolderDrop>[0]> = {}) {
  const drop = createFolderDrop({ ...room, wireDir, settledMs: 100, ...changed });
  drops.push(drop);
  drop.start();
  return drop;
}

const drop = (name: string, text: string) => writeFile(join(dir, name), text);
const texts = async () => (await room.deliveries()).map(({ text }) => text);
const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 50 });
const listing = async (name: string) => (await readdir(join(dir, name))).toSorted();

/** What is put in now is taken; once it is, whatever was there before and is still there was left alone. */
async function untilSettled() {
  await drop("last.txt", "last");
  await eventually(async () => expect(await texts()).toContain("last"));
}

test("DRP1 a file is taken with its bytes and name, and moved to done", async () => {
  startDrop();
  await drop("story.xml", "<nitf/>");
  await eventually(async () => expect(await listing("done")).toEqual(["story.xml"]));
  expect(await room.deliveries()).toEqual([
    expect.objectContaining({ source: "wire", text: "<nitf/>", filename: "story.xml" }),
  ]);
  expect(await readFile(join(dir, "done", "story.xml"), "utf8")).toBe("<nitf/>");
  expect(await readdir(join(dir, ".work"))).toEqual([]);
});

test("DRP2 a source's folder is made when its profile is", async () => {
  startDrop();
  await room.add("other", { kind: "folder" });
  await room.add("paused", { kind: "folder", paused: true });
  await room.add("pushed", { kind: "push" });
  await eventually(async () => expect(await readdir(wireDir)).toEqual(["other", "wire"]));
  await rm(join(wireDir, "other"), { recursive: true });
  await eventually(async () => expect(await readdir(wireDir)).toContain("other"));
});

test("DRP3 a file that grows is taken once, whole", async () => {
  startDrop({ settledMs: 1_000 });
  for (let i = 0; i < 8; i += 1) {
    await appendFile(join(dir, "slow.txt"), `${i}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await untilSettled();
  expect((await texts()).toSorted()).toEqual(["01234567", "last"]);
});

test("DRP4 unfinished names, dot files and what is no plain file are left alone", async () => {
  await mkdir(join(dir, "empty"));
  await writeFile(join(wireDir, "secret.txt"), "secret");
  await symlink(join(wireDir, "secret.txt"), join(dir, "link.txt"));
  await symlink(wireDir, join(dir, "linked-folder"));
  execFileSync("mkfifo", [join(dir, "pipe")]);
  const left = ["a.tmp", "b.part", "c.PART", "d.filepart", ".hidden", ".hidden.txt"];
  for (const name of left) await drop(name, name);
  startDrop();
  await untilSettled();
  expect(await texts()).toEqual(["last"]);
  expect((await readdir(dir)).toSorted()).toEqual(
    [...left, ".work", "done", "empty", "link.txt", "linked-folder", "pipe", "refused"].toSorted(),
  );
});

test("DRP5 a file that is renamed into place is taken under its new name", async () => {
  startDrop();
  await drop("story.xml.part", "whole");
  await rename(join(dir, "story.xml.part"), join(dir, "story.xml"));
  await eventually(async () => expect(await texts()).toEqual(["whole"]));
  expect((await room.deliveries())[0]?.filename).toBe("story.xml");
});

test("DRP6 sub-folders are read too, and files keep the order of their times", async () => {
  await mkdir(join(dir, "sports", "results"), { recursive: true });
  await drop("b.txt", "third");
  await drop("sports/a.txt", "second");
  await drop("sports/results/z.txt", "first");
  const at = (name: string, seconds: number) => utimes(join(dir, name), seconds, seconds);
  await at("b.txt", 3_000);
  await at("sports/a.txt", 2_000);
  await at("sports/results/z.txt", 1_000);
  startDrop();
  startDrop();
  await eventually(async () => expect(await texts()).toEqual(["first", "second", "third"]));
  const names = (await room.deliveries()).map(({ filename }) => filename);
  expect(names).toEqual(["sports~results~z.txt", "sports~a.txt", "b.txt"]);
});

test("DRP7 a name that comes again replaces nothing in done", async () => {
  startDrop();
  await drop("story.xml", "one");
  await eventually(async () => expect(await texts()).toEqual(["one"]));
  await drop("story.xml", "two");
  await eventually(async () => expect(await listing("done")).toHaveLength(2));
  expect(await texts()).toEqual(["one", "two"]);
  expect(await listing("done")).toEqual([expect.stringMatching(/^story-[0-9a-f]{16}\.xml$/), "story.xml"]);
});

test("DRP8 a name in no UTF-8, with odd characters or very long, is taken like any other", async () => {
  const latin1 = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from("Gr\xfc\xdfe.txt", "latin1")]);
  await writeFile(latin1, "latin");
  await drop("new\nline\x07.txt", "control");
  await drop(`${"ü".repeat(120)}.xml`, "long");
  startDrop();
  await eventually(async () => expect((await texts()).toSorted()).toEqual(["control", "latin", "long"]));
  await eventually(async () => expect(await listing("done")).toHaveLength(3));
  const done = await listing("done");
  expect(done).toContain("Grüße.txt");
  expect(done).toContain("new_line_.txt");
  expect(done.at(-1)).toMatch(/^ü+\.xml$/);
});

test("DRP9 a file that is too large is moved to refused, with a sentence beside it", async () => {
  await writeFile(join(dir, "large.xml"), Buffer.alloc(15 * 2 ** 20 + 1));
  startDrop();
  await eventually(async () => expect(await listing("refused")).toEqual(["large.xml", "large.xml.why.txt"]));
  const reason = await readFile(join(dir, "refused", "large.xml.why.txt"), "utf8");
  expect(reason).toMatch(/^The file has 15728641 bytes; 15 MB is the most that is taken\.\n$/);
  expect(await texts()).toEqual([]);
  await eventually(async () =>
    expect(await readSourceHealth(room.edition, "wire")).toMatchObject({ failures: 1 }),
  );
});

test("DRP9 the largest file that may be is taken", async () => {
  await writeFile(join(dir, "large.xml"), Buffer.alloc(15 * 2 ** 20, "x"));
  startDrop();
  await eventually(async () => expect((await texts()).map((text) => text.length)).toEqual([15 * 2 ** 20]));
});

test("DRP10 what a dead worker claimed and did not accept is taken up, empty files are refused", async () => {
  await mkdir(join(dir, ".work"));
  await writeFile(join(dir, ".work", "0123456789abcdef-story.xml"), "left behind");
  await writeFile(join(dir, ".work", "0123456789abcdee-empty.xml"), "");
  startDrop();
  await eventually(async () => expect(await listing("done")).toEqual(["story.xml"]));
  await eventually(async () => expect(await listing(".work")).toEqual([]));
  expect(await listing("refused")).toEqual(["empty.xml", "empty.xml.why.txt"]);
  expect(await room.deliveries()).toEqual([
    expect.objectContaining({ text: "left behind", filename: "story.xml" }),
  ]);
});

test("DRP10 what a dead worker accepted and did not move is not accepted again", async () => {
  await mkdir(join(dir, ".work"));
  await writeFile(join(dir, ".work", "0123456789abcdef-story.xml"), "once");
  const bytes = Buffer.from("once");
  const once = "file 0123456789abcdef";
  await acceptDelivery(room.edition, room.ingestLane, { source: "wire", bytes, filename: "story.xml", once });
  startDrop();
  await eventually(async () => expect(await listing("done")).toEqual(["story.xml"]));
  expect(await texts()).toEqual(["once"]);
});

test("DRP11 several workers take each file once", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `story-${index}.txt`);
  for (let i = 0; i < 3; i += 1) startDrop();
  for (const name of names) await drop(name, name);
  await eventually(async () => expect(await listing("done")).toHaveLength(60));
  expect((await texts()).toSorted()).toEqual(names.toSorted());
});

test("DRP12 while too many deliveries wait, files wait in their folder, and none is lost", async () => {
  let isFull = true;
  const full = Object.create(room.ingestLane);
  full.getJobCounts = async () => ({ waiting: isFull ? 1_000_000 : 0 });
  startDrop({ ingestLane: full });
  await drop("a.txt", "a");
  await drop("b.txt", "b");
  await eventually(async () => expect(await listing(".work")).toHaveLength(1));
  isFull = false;
  await eventually(async () => expect((await texts()).toSorted()).toEqual(["a", "b"]));
  expect(await readSourceHealth(room.edition, "wire")).toMatchObject({ failures: 0 });
});

test("DRP13 a link in the place of a folder of ours leads nothing outside, and other sources go on", async () => {
  const outside = join(wireDir, "outside");
  await mkdir(outside);
  await symlink(outside, join(dir, "done"));
  await room.add("other", { kind: "folder" });
  await mkdir(join(wireDir, "linked"));
  await writeFile(join(wireDir, "linked", "a.txt"), "a");
  await room.add("by-link", { kind: "folder" });
  await symlink(join(wireDir, "linked"), join(wireDir, "by-link"));
  await drop("story.xml", "story");
  startDrop();
  await eventually(async () => expect(await readdir(wireDir)).toContain("other"));
  await writeFile(join(wireDir, "other", "story.txt"), "other");
  await eventually(async () => expect(await texts()).toEqual(["other"]));
  expect(await readdir(outside)).toEqual([]);
  expect(await readdir(dir)).toContain("story.xml");
  expect(await readdir(join(wireDir, "linked"))).toEqual(["a.txt"]);
});

test("DRP13 a file that cannot be moved away is accepted once and keeps nobody from the others", async () => {
  await mkdir(join(dir, ".work"));
  await writeFile(join(dir, ".work", "0123456789abcdef-stuck.xml"), "stuck");
  for (const name of ["stuck.xml", "stuck-0123456789abcdef.xml"]) {
    await mkdir(join(dir, "done", name), { recursive: true });
  }
  await drop("story.xml", "story");
  const warned = vi.spyOn(room.log, "warn");
  startDrop();
  await eventually(async () => expect(await texts()).toEqual(["stuck", "story"]));
  await drop("later.xml", "later");
  await eventually(async () => expect(await texts()).toEqual(["stuck", "story", "later"]));
  expect(warned).toHaveBeenCalledTimes(1);
});

test("DRP14 closing finishes the file at hand, and what is left is taken by the next worker", async () => {
  const first = startDrop();
  const names = Array.from({ length: 100 }, (_, index) => `story-${index}.txt`);
  for (const name of names) await drop(name, name);
  await eventually(async () => expect((await texts()).length).toBeGreaterThan(0));
  await first.close();
  await first.close();
  startDrop();
  await eventually(async () => expect(await listing("done")).toHaveLength(100));
  expect((await texts()).toSorted()).toEqual(names.toSorted());
});
