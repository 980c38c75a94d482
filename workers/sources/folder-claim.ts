import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, readdir, rename, unlink, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { NewsLineError } from "../../src/contract/errors.ts";
import { MOST_DELIVERY_BYTES } from "../../src/store/deliveries.ts";
import { DONE_DIR, type Dropped, isGone, REFUSED_DIR } from "./folder-scan.ts";

const WORK_DIR = ".work";
/** File systems take 255 bytes for a name; we add an id and an ending to it. */
const LONGEST_NAME_BYTES = 200;
const CLAIM = /^([0-9a-f]{16})-(.+)$/su;

/** A file that is ours: it was renamed into `.work`, which succeeds for one worker only. */
export interface Claim {
  /** The same whoever goes on with it: what was accepted under it is not accepted again. */
  id: string;
  name: string;
  path: string;
}

/** The folders for what we have taken. A link in their place could lead our writing anywhere. */
export async function makeWorkFolders(dir: string): Promise<void> {
  for (const name of [".", WORK_DIR, DONE_DIR, REFUSED_DIR]) {
    const path = join(dir, name);
    await mkdir(path, { recursive: true });
    if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is no folder of its own; remove it.`);
  }
}

/** Undefined when another worker, or the sender, was faster. */
export async function claim(dir: string, file: Dropped): Promise<Claim | undefined> {
  const id = randomBytes(8).toString("hex");
  const name = toSafeName(file.name);
  const path = join(dir, WORK_DIR, `${id}-${name}`);
  try {
    await rename(file.path, path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  return { id, name, path };
}

/** Files that a worker claimed and, having died, did not finish. */
export async function listClaims(dir: string): Promise<Claim[]> {
  const names = await readdir(join(dir, WORK_DIR));
  return names.flatMap((file) => {
    const [, id, name] = CLAIM.exec(file) ?? [];
    return id === undefined || name === undefined ? [] : [{ id, name, path: join(dir, WORK_DIR, file) }];
  });
}

/** The end of a long name says more than its beginning: it has the ending that tells the format. */
function toSafeName(name: string): string {
  const safe = Buffer.from(name.replaceAll(/[\p{Cc}/]/gu, "_"));
  const end = safe.subarray(-LONGEST_NAME_BYTES).toString();
  // A character that was cut in two.
  return end.replace(/^\ufffd+/u, "");
}

/**
 * The whole file. Undefined when it is gone, or somebody still writes to it: a writer keeps a file that was renamed
 * under its hands. Throws a NewsLineError when it can never be a delivery.
 */
export async function readClaim({ path }: Claim): Promise<Buffer | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Between the look and the claim it may have become a link or a pipe: not to follow, not to wait on.
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(toReadFault);
  if (handle === undefined) return undefined;
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw refused("unreadable", "It is no plain file.");
    if (before.size === 0) throw refused("unreadable", "The file is empty.");
    if (before.size > MOST_DELIVERY_BYTES) {
      const limit = MOST_DELIVERY_BYTES / 2 ** 20;
      throw refused("too_large", `The file has ${before.size} bytes; ${limit} MB is the most that is taken.`);
    }
    const pieces: Buffer[] = [];
    // One byte further than it is long: whoever has made it longer is still writing.
    for await (const piece of handle.createReadStream({ end: before.size, autoClose: false }))
      pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const after = await handle.stat();
    return bytes.length === before.size && after.mtimeMs === before.mtimeMs ? bytes : undefined;
  } finally {
    await handle.close();
  }
}

function toReadFault(error: unknown): undefined {
  if (isGone(error)) return undefined;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  if (code === "ELOOP") throw refused("unreadable", "It is a symbolic link.");
  throw refused("unreadable", `The file cannot be read (${code}).`);
}

function refused(code: "unreadable" | "too_large", message: string): NewsLineError {
  return new NewsLineError(code, { message });
}

export async function moveToDone(dir: string, file: Claim): Promise<void> {
  await settle(join(dir, DONE_DIR), file);
}

/** With the reason beside it, in words for whoever looks after the folder. */
export async function moveToRefused(dir: string, file: Claim, reason: string): Promise<void> {
  const path = await settle(join(dir, REFUSED_DIR), file);
  if (path !== undefined) await writeFile(`${path}.why.txt`, `${reason}\n`, { flag: "a" });
}

/**
 * Moves a file to where it stays and gives its new path; undefined when another worker took it up, because we were
 * long silent, and has finished. A second name for the file replaces nothing that is there, and whoever dies before
 * the first name is taken away leaves a state from which the next one can go on.
 */
async function settle(dir: string, file: Claim): Promise<string | undefined> {
  const plain = join(dir, file.name);
  try {
    await link(file.path, plain);
  } catch (error) {
    if (isGone(error)) return undefined;
    // The name is taken, or these files can have one name only.
    if (!(await isSameFile(file.path, plain))) return await renameWithId(dir, file);
  }
  await unlink(file.path).catch(ignoreGone);
  return plain;
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map((name) => lstat(name).catch(ignoreGone)));
  return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
}

async function renameWithId(dir: string, { path, name, id }: Claim): Promise<string | undefined> {
  const ending = extname(name);
  const free = join(dir, `${name.slice(0, name.length - ending.length)}-${id}${ending}`);
  try {
    await rename(path, free);
    return free;
  } catch (error) {
    ignoreGone(error);
    return undefined;
  }
}

function ignoreGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
  return undefined;
}
