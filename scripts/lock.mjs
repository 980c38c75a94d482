// @ts-check
import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
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
  for (let said = false; !tryTo(() => take(path)); await sleep(100)) {
    const owner = readOwner(path);
    if (!isAlive(owner)) tryTo(() => removeDead(path));
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

/**
 * By a link, which appears with its content or not at all.
 * @param {string} path
 */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
  } finally {
    rmSync(own);
  }
}

/**
 * Looks again when nobody else can be removing: by then the lock may be a new one.
 * @param {string} path
 */
function removeDead(path) {
  const guard = `${path}.removing`;
  mkdirSync(guard);
  try {
    if (!isAlive(readOwner(path))) rmSync(path, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

/**
 * Whether it went without meeting another who does the same.
 * @param {() => void} act
 */
function tryTo(act) {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {number} 0 when there is none
 */
function readOwner(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
