import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FaultName, Leak } from "../clients/faults.ts";
import { type FromClients, fromClients, type Plan, type ToClients } from "../clients/messages.ts";
import { parseEntry } from "../clients/recorder.ts";
import { addEntry, createHistory, type History } from "../history.ts";

const PROGRAM = fileURLToPath(new URL("../clients/main.ts", import.meta.url));

export interface CrowdOptions {
  plans: readonly Plan[];
  ports: readonly number[];
  processes: number;
  seed: number;
  fault?: FaultName;
}

interface Member {
  child: ChildProcess;
  path: string;
  counts: Record<string, number>;
  lies: number;
}

/** All clients, in a few processes, and the files that they write. */
export class Crowd {
  readonly #dir = mkdtempSync(join(tmpdir(), "nl-crowd-"));
  readonly #members: Member[];

  constructor({ plans, ports, processes, seed, fault }: CrowdOptions) {
    this.#members = Array.from({ length: processes }, (_, index) => {
      const path = join(this.#dir, `clients-${index}.ndjson`);
      const child = fork(PROGRAM, [], { execArgv: ["--import", "tsx"], detached: true });
      const member: Member = { child, path, counts: {}, lies: 0 };
      child.on("message", (raw) => {
        const said = fromClients.parse(raw);
        if (said.say === "counts") Object.assign(member, { counts: said.counts, lies: said.lies });
      });
      const own = plans.filter((_plan, at) => at % processes === index);
      this.#tell(child, { do: "start", plans: own, ports: [...ports], seed, path, ...(fault && { fault }) });
      return member;
    });
  }

  #tell(child: ChildProcess, message: ToClients): void {
    if (child.connected) child.send(message);
  }

  #tellAll(message: ToClients): void {
    for (const { child } of this.#members) this.#tell(child, message);
  }

  /** Lets the ears lie from now on. */
  lie(): void {
    this.#tellAll({ do: "lie" });
  }

  leak(leaks: readonly Leak[]): void {
    this.#tellAll({ do: "leaks", leaks: [...leaks] });
  }

  /** What was heard so far, by kind. */
  get counts(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const [kind, count] of this.#members.flatMap(({ counts }) => Object.entries(counts))) {
      sums[kind] = (sums[kind] ?? 0) + count;
    }
    return sums;
  }

  get lies(): number {
    return this.#members.reduce((sum, { lies }) => sum + lies, 0);
  }

  /** Everybody stays connected, gets to these positions, and writes down what it holds. */
  async settle(positions: Record<string, string>, patienceMs: number): Promise<void> {
    await this.#all({ do: "settle", positions, patienceMs }, "settled");
  }

  async stop(): Promise<void> {
    await this.#all({ do: "stop" }, "stopped");
    await Promise.all(
      this.#members.map(async ({ child }) => {
        const exited = once(child, "exit");
        child.disconnect();
        await exited;
      }),
    );
  }

  async #all(message: ToClients, end: FromClients["say"]): Promise<void> {
    const ended = this.#members.map(({ child }) => {
      return new Promise<void>((resolve, reject) => {
        child.once("exit", () => reject(new Error("a process of clients is gone")));
        child.on("message", (raw) => fromClients.parse(raw).say === end && resolve());
      });
    });
    this.#tellAll(message);
    await Promise.all(ended);
  }

  /** As far as it is written. */
  readHistory(): History {
    const history = createHistory();
    for (const { path } of this.#members) {
      for (const line of readLines(path)) addEntry(history, parseEntry(line));
    }
    return history;
  }

  /** Where the files are. */
  get dir(): string {
    return this.#dir;
  }

  end(): void {
    for (const { child } of this.#members) child.kill("SIGKILL");
  }

  removeFiles(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** What stands behind the last line end is still being written. */
function readLines(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text
    .slice(0, text.lastIndexOf("\n"))
    .split("\n")
    .filter((line) => line !== "");
}
