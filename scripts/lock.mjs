// @ts-check
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One set-up of a checkout at a time: two that install or build at once would pull files from under each other.
 * A lock whose owner is gone is taken over.
 * @param {string} root
 * @returns {Promise<() => void>} gives it back
 */
export async function holdLock(root) {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const path = join(tmpdir(), `newsline-setup-${name}.lock`);
  for (let said = false; !take(path); await sleep(100)) {
    const owner = Number(readOwner(path));
    if (!isAlive(owner)) rmSync(path, { force: true });
    else if (!said) {
      said = true;
      console.error(`Another set-up of this checkout is running (process ${owner}); waiting for it.`);
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  return () => {
    process.off("exit", release);
    release();
  };
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path */
function readOwner(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {number} pid */
function isAlive(pid) {
  // An empty file is one that its owner is about to fill.
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
