import { readdirSync, readFileSync } from "node:fs";

/** CPU of whole processes, all threads, in microseconds, as Linux counts it. */
export function readCpuUs(pids: readonly number[]): number {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
      ns += Number(onCpu);
    }
  }
  return ns / 1_000;
}

export function readRssKb(pids: readonly number[]): number {
  let kb = 0;
  for (const pid of pids) {
    const [, size] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    kb += Number(size);
  }
  return kb;
}
