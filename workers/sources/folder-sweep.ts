import { lstat, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { DELIVERY_SECONDS } from "../../src/store/deliveries.ts";
import { DONE_DIR, isGone } from "./folder-scan.ts";

/** Removes what was done so long ago that its delivery is forgotten as well. What was refused stays for somebody. */
export async function sweepDone(dir: string, nowMs: number): Promise<number> {
  const oldestMs = nowMs - DELIVERY_SECONDS * 1_000;
  let count = 0;
  for (const name of await readdir(join(dir, DONE_DIR))) {
    const path = join(dir, DONE_DIR, name);
    try {
      const { mtimeMs, ctimeMs } = await lstat(path);
      // The time of its last renaming: its own may be years old.
      if (Math.max(mtimeMs, ctimeMs) >= oldestMs) continue;
      await unlink(path);
      count += 1;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return count;
}
