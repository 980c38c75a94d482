import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { progress } from "../report.ts";
import { fromReaders, type Told } from "./messages.ts";

const PROGRAM = fileURLToPath(new URL("./readers-client.ts", import.meta.url));
const LONGEST_MS = 120_000;
const LOOK_MS = 100;

/** The process that plays the clients. */
export class Readers {
  readonly clients: number;
  readonly #child: ChildProcess;

  constructor(port: number, clients: number, samples: number) {
    this.clients = clients;
    this.#child = fork(PROGRAM, [port, clients, samples].map(String));
  }

  open(): void {
    this.#child.send({ do: "open" });
  }

  async ask(what: "tell" | "compare"): Promise<Told> {
    const said = new Promise<unknown>((resolve, reject) => {
      const isGone = () => reject(new Error("the clients are gone"));
      this.#child.once("exit", isGone);
      this.#child.once("message", (message) => {
        this.#child.off("exit", isGone);
        resolve(message);
      });
    });
    this.#child.send({ do: what });
    return fromReaders.parse(await said);
  }

  async until(words: string, isDone: (told: Told) => boolean): Promise<Told> {
    const deadline = Date.now() + LONGEST_MS;
    for (;;) {
      const told = await this.ask("tell");
      progress(`${words}: ${told.whole} of ${this.clients}`);
      if (isDone(told)) return told;
      if (Date.now() > deadline) throw new Error(`only ${told.whole} of ${this.clients} clients are whole`);
      await sleep(LOOK_MS);
    }
  }

  untilWhole(words: string): Promise<Told> {
    return this.until(words, ({ whole }) => whole === this.clients);
  }

  end(): void {
    this.#child.disconnect();
  }
}
