import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";

/** A file in a drop folder. */
export interface Dropped {
  /** As bytes: names come from other machines and need not be UTF-8. */
  path: Buffer;
  /** The same below the source's folder, readable, sub-folders joined by `~`. */
  name: string;
  size: number;
  mtimeMs: number;
}

/** Kept by us in each source's folder. Dot files are nobody's business, so `.work` needs no mention. */
export const DONE_DIR = "done";
export const REFUSED_DIR = "refused";

const DEEPEST = 4;
const SLASH = Buffer.from("/");
/** Programs that copy write under such a name and rename when the file is whole. */
const UNFINISHED = /\.(?:tmp|temp|part|partial|filepart|crdownload)$/iu;

/** Every file that may be taken, in sub-folders too. Symbolic links, pipes and the like are not looked at. */
export async function scanFolder(dir: Buffer, parents: readonly string[] = []): Promise<Dropped[]> {
  const entries = await readdir(dir, { withFileTypes: true, encoding: "buffer" });
  const found = await Promise.all(entries.map((entry) => scanEntry(dir, entry, parents)));
  return found.flat();
}

async function scanEntry(dir: Buffer, entry: Dirent<Buffer>, parents: readonly string[]): Promise<Dropped[]> {
  const path = Buffer.concat([dir, SLASH, entry.name]);
  const name = toReadable(entry.name);
  if (name.startsWith(".")) return [];
  if (isFolderToScan(entry, name, parents)) return await scanSubfolder(path, [...parents, name]);
  if (!entry.isFile() || UNFINISHED.test(name)) return [];
  const dropped = await lookAt(path, [...parents, name].join("~"));
  return dropped === undefined ? [] : [dropped];
}

function isFolderToScan(entry: Dirent<Buffer>, name: string, parents: readonly string[]): boolean {
  const isOurs = parents.length === 0 && (name === DONE_DIR || name === REFUSED_DIR);
  return entry.isDirectory() && !isOurs && parents.length < DEEPEST;
}

async function scanSubfolder(path: Buffer, parents: readonly string[]): Promise<Dropped[]> {
  try {
    return await scanFolder(path, parents);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Undefined when it is gone since the folder was read, or has become something else. */
async function lookAt(path: Buffer, name: string): Promise<Dropped | undefined> {
  try {
    const stats = await lstat(path);
    return stats.isFile() ? { path, name, size: stats.size, mtimeMs: stats.mtimeMs } : undefined;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

export function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Of the file system, about one path. */
export function isFileFault(error: unknown): boolean {
  return error instanceof Error && "path" in error;
}

/** UTF-8, else one character a byte, as older machines write names. */
function toReadable(name: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(name);
  } catch {
    return name.toString("latin1");
  }
}

/** A file is made first and filled then: one that is empty may only be waiting for its writer. */
const EMPTY_WAITS = 10;

/** By path: what a file was like when it was last seen, and since when it is so. */
type Seen = Map<string, { size: number; mtimeMs: number; sinceMs: number }>;

/**
 * Tells the files that nobody writes to any more: size and time of change are the same for a while. Only what was seen
 * counts, by our own clock: the clock of a network share may go differently.
 */
export class Settling {
  readonly #settledMs: number;
  #seen: Seen = new Map();

  constructor(settledMs: number) {
    this.#settledMs = settledMs;
  }

  /** Of the files that are there now, those that have settled, oldest first. */
  settled(files: readonly Dropped[], nowMs: number): Dropped[] {
    const seen: Seen = new Map();
    const settled = files.filter((file) => {
      const { size, mtimeMs } = file;
      const key = file.path.toString("latin1");
      const before = this.#seen.get(key);
      const isSame = before?.size === size && before.mtimeMs === mtimeMs;
      const sinceMs = isSame ? before.sinceMs : nowMs;
      seen.set(key, { size, mtimeMs, sinceMs });
      return nowMs - sinceMs >= this.#settledMs * (size === 0 ? EMPTY_WAITS : 1);
    });
    this.#seen = seen;
    return settled.toSorted((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1));
  }
}
