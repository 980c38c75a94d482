import type { Command } from "commander";
import type { Socket } from "socket.io-client";
import type { Delta, Op } from "../contract/delta.ts";
import type { LineItem } from "../contract/item.ts";
import { DESK_SOURCE } from "../contract/names.ts";
import type { DownEvents, SubscribeAck, UpEvents } from "../contract/socket.ts";
import { CallFailed, openApi, type ServerOptions } from "./api.ts";
import { toWhole } from "./option-values.ts";
import { print, style, toClock } from "./output.ts";
import { withServer } from "./server-options.ts";

interface TailOptions extends ServerOptions {
  limit: number;
  since?: string;
  desk?: boolean;
}

export function addTailCommand(program: Command): void {
  withServer(program.command("tail [lines...]").description("follow lines (default: main) until Ctrl-C"))
    .option("-n, --limit <count>", "items to begin with", toWhole(1, 200), 10)
    .option("--since <position>", "begin with the changes since this position")
    .option("--desk", "as the desk sees it, held and embargoed items included")
    .action(tail);
}

async function tail(lines: string[], options: TailOptions): Promise<void> {
  const api = await openApi(options);
  const { io } = await import("socket.io-client");
  const auth = options.desk && api.token !== undefined ? { auth: { token: api.token } } : {};
  const socket: Socket<DownEvents, UpEvents> = io(`${api.url}/${options.desk ? "desk" : ""}`, {
    transports: ["websocket"],
    reconnectionDelayMax: 5_000,
    ...auth,
  });
  const followers = (lines.length > 0 ? lines : ["main"]).map((line) => new Follower(socket, line, options));
  socket.on("connect", () => {
    for (const follower of followers) follower.subscribe();
  });
  socket.on("delta", (delta) => followers.find(({ line }) => line === delta.line)?.take(delta));
  socket.on("reset", ({ line }) => followers.find((one) => one.line === line)?.subscribe());
  await whenRefused(socket, api.url, followers);
}

/**
 * A server that goes away comes back, so a line once followed is followed until somebody ends us; one that never
 * answered, or that will not have us, is told at once.
 */
async function whenRefused(
  socket: Socket<DownEvents, UpEvents>,
  url: string,
  followers: readonly Follower[],
): Promise<never> {
  let goodbye: string | undefined;
  let wasConnected = false;
  socket.on("connect", () => {
    wasConnected = true;
  });
  socket.on("goodbye", ({ code }) => {
    goodbye = code;
  });
  return await new Promise<never>((_, reject) => {
    socket.on("connect_error", (error) => {
      // Without `active` nobody tries again: the server has refused us.
      if (!socket.active) reject(new CallFailed("refused", error.message));
      else if (!wasConnected) reject(new CallFailed("unreachable", toUnreachable(url, error)));
      else process.stderr.write(`no connection to ${url}: ${error.message}; trying again\n`);
    });
    socket.on("disconnect", (reason) => {
      if (!socket.active) reject(new CallFailed("refused", `The server ended this: ${goodbye ?? reason}.`));
    });
    for (const follower of followers) follower.onRefused = reject;
  });
}

function toUnreachable(url: string, error: Error): string {
  return `No News Line answers at ${url} (${error.message}). Start one, or name it with --server.`;
}

/** One line as it is printed: from where it was left at every reconnect. */
class Follower {
  readonly line: string;
  onRefused: (error: Error) => void = () => {};
  readonly #socket: Socket<DownEvents, UpEvents>;
  readonly #options: TailOptions;
  #position: string | undefined;

  constructor(socket: Socket<DownEvents, UpEvents>, line: string, options: TailOptions) {
    this.#socket = socket;
    this.line = line;
    this.#options = options;
    this.#position = options.since;
  }

  subscribe(): void {
    const since = this.#position === undefined ? {} : { since: this.#position };
    const request = { line: this.line, limit: this.#options.limit, ...since };
    this.#socket.emit("subscribe", request, (answer) => this.#begin(answer));
  }

  #begin(answer: SubscribeAck): void {
    if ("error" in answer) {
      this.onRefused(new CallFailed(answer.error.code, answer.error.message));
      return;
    }
    this.#position = answer.position;
    if (answer.kind === "snapshot") {
      for (const item of answer.items.toReversed()) this.#show({ op: "put", item });
    } else {
      for (const delta of answer.deltas) this.take(delta);
    }
  }

  take(delta: Delta): void {
    this.#position = `${delta.epoch}:${delta.to}`;
    for (const op of delta.ops) this.#show(op);
  }

  #show(op: Op): void {
    const told = { line: this.line, position: this.#position, ...op };
    print(
      this.#options.json,
      told,
      op.op === "put" ? toWords(op.item) : `         ${style("red", op.reason)} ${op.id}`,
    );
  }
}

function toWords(item: LineItem): string {
  const marks = [
    item.breakingUntil !== undefined ? style(["bold", "red"], "BREAKING ") : "",
    item.change === "update" ? style("yellow", "UPDATED ") : "",
    item.change === "correction" ? style("yellow", "CORRECTED ") : "",
    item.late ? style("dim", "LATE ") : "",
  ];
  const credit = item.source === DESK_SOURCE ? "" : style("dim", ` (${item.credit ?? item.source})`);
  return `${style("dim", toClock(item.orderedAt))} ${marks.join("")}${item.headline}${credit} ${style("dim", item.id)}`;
}
