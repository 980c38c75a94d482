import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call, type HttpAnswer } from "../harness/http-call.ts";
import type { Door } from "../history.ts";
import { findMarks } from "../seen.ts";
import type { FollowerOptions } from "./follower.ts";
import type { Unsigned } from "./recorder.ts";
import { parseAtom, parseJsonFeed, parsePage, parseRss, type Said } from "./said.ts";

type AskingDoor = Extract<Door, "page" | "rss" | "atom" | "json-feed">;

const DOORS: Record<
  AskingDoor,
  { path: (line: string, limit: number) => string; parse: (answer: HttpAnswer) => Said }
> = {
  page: {
    path: (line, limit) => `/v1/lines/${line}?limit=${limit}`,
    parse: ({ text }) => parsePage(text),
  },
  rss: {
    path: (line) => `/lines/${line}.rss`,
    parse: (answer) => parseRss(answer.text, etagOf(answer)),
  },
  atom: {
    path: (line) => `/lines/${line}.atom`,
    parse: (answer) => parseAtom(answer.text, etagOf(answer)),
  },
  "json-feed": {
    path: (line) => `/lines/${line}.json`,
    parse: ({ text }) => parseJsonFeed(text),
  },
};

/** A share of the questions of a page reader is for one item that it has seen. */
const ITEM_SHARE = 0.3;
const MOST_KNOWN = 300;

/** Asks for a page or a feed again and again, with the ETag it has, as feed readers and caches do. */
export class PageReader {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #known = new Set<string>();
  #etag: string | undefined;
  #position = "";
  #running: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  start(): void {
    const { client, line, limit } = this.#options.plan;
    this.#options.recorder.write({ kind: "client", client, atMs: Date.now(), line, limit });
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    const { chance, plan, ports } = this.#options;
    while (!this.#stop.signal.aborted) {
      const gateway = chance.whole(0, ports.length - 1);
      const isItem = plan.doors[0] === "page" && chance.isLucky(ITEM_SHARE);
      try {
        if (isItem) await this.#askForItem(gateway);
        else await this.#askForPage(gateway);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#write({ kind: "lost", why: error instanceof Error ? error.message : String(error) });
      }
      const pause = chance.between(0.5, 1.5) * plan.pageMs;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #ask(gateway: number, path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    const url = `http://127.0.0.1:${this.#options.ports[gateway]}${path}`;
    return call(url, { headers, signal: this.#stop.signal, agent: this.#agent });
  }

  async #askForPage(gateway: number): Promise<void> {
    const { plan, ear, recorder } = this.#options;
    const door = toAskingDoor(plan.doors[0]);
    const { path, parse } = DOORS[door];
    const askedMs = Date.now();
    const headers = this.#etag === undefined ? {} : { "If-None-Match": this.#etag };
    const answer = await this.#ask(gateway, path(plan.line, plan.limit), headers);
    if (answer.status !== 200 && answer.status !== 304) {
      this.#write({ kind: "refused", code: String(answer.status) });
      return;
    }
    const said: Said = answer.status === 304 ? { kind: "page", position: this.#position } : parse(answer);
    for (const heard of ear.hear(said)) {
      if (heard.kind !== "page") continue;
      const { items, removed, position } = heard;
      for (const { id } of items ?? []) this.#learn(id);
      this.#write({
        kind: "page",
        askedMs,
        door,
        gateway,
        position,
        ...(items !== undefined && { list: recorder.list(items) }),
        ...(removed !== undefined && { removed }),
      });
      if (answer.status === 200) {
        this.#etag = answer.headers.etag;
        this.#position = position;
      }
    }
  }

  /** Also what has left long ago: that is where a text may come back. */
  async #askForItem(gateway: number): Promise<void> {
    const id = this.#options.chance.pick([...this.#known]);
    if (id === undefined) return;
    const part = this.#options.chance.isLucky(0.5) ? "" : "/revisions";
    const askedMs = Date.now();
    const { status, text } = await this.#ask(gateway, `/v1/items/${id}${part}`);
    this.#write({ kind: "item", askedMs, gateway, id, status, marks: findMarks(text) });
  }

  #learn(id: string): void {
    this.#known.add(id);
    if (this.#known.size <= MOST_KNOWN) return;
    const [first] = this.#known;
    if (first !== undefined) this.#known.delete(first);
  }

  #write(one: Unsigned): void {
    this.#options.recorder.write({ ...one, client: this.#options.plan.client, atMs: Date.now() });
  }
}

function toAskingDoor(door: Door | undefined): AskingDoor {
  return door === "rss" || door === "atom" || door === "json-feed" ? door : "page";
}

/** A feed's begins with its position, up to the full stop. */
function etagOf({ headers }: HttpAnswer): string {
  return /^(?:W\/)?"([^".]*)/.exec(headers.etag ?? "")?.[1] ?? "";
}
