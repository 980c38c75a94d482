import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until the processes that a killed predecessor noted in `pidFiles` are gone: they end by themselves, but the
 * port and the store are theirs until then.
 */
export async function waitForLeftovers(pidFiles: readonly string[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const file of pidFiles) {
    const pid = Number(await readOrNothing(file));
    if (!(pid > 0)) continue;
    while (Date.now() < deadline && (await isOurs(pid))) await sleep(50);
  }
}

/** The number may belong to somebody else by now, above all in a container, where numbers are small. */
async function isOurs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = await readOrNothing(`/proc/${pid}/cmdline`);
  // Without /proc there is no telling; then it counts as ours and costs the wait.
  return commandLine === "" ? process.platform !== "linux" : /\0(gateway|worker)\0/.test(commandLine);
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
