import { z } from "zod";
import type { SeenDelta, SeenItem } from "../history.ts";
import { findMark, toPrint, toSeenDelta, toSeenItem } from "../seen.ts";

/** What a server said at any door, read as docs/protocol.md has it. */
export type Said =
  | { kind: "snapshot"; position: string; count: number; items: SeenItem[]; isWhole: boolean }
  | { kind: "catch-up"; position: string; deltas: SeenDelta[] }
  | ({ kind: "delta" } & SeenDelta)
  | { kind: "tick"; epoch: string; offset: number; live: boolean }
  | { kind: "reset"; reason: string }
  | { kind: "goodbye"; code: string }
  | { kind: "refused"; code: string; retryAfterMs: number }
  /** Without items: nothing has changed since `position`. */
  | { kind: "page"; position: string; items?: SeenItem[]; removed?: string[] };

const answer = z.union([
  z.object({ error: z.object({ code: z.string(), retryAfterMs: z.number().optional() }) }),
  z.object({
    kind: z.literal("snapshot"),
    position: z.string(),
    count: z.number(),
    items: z.array(z.unknown()),
    next: z.string().nullable(),
  }),
  z.object({ kind: z.literal("catch-up"), position: z.string(), deltas: z.array(z.unknown()) }),
]);
const tick = z.object({ epoch: z.string(), offset: z.number(), live: z.boolean() });
const reset = z.object({ reason: z.string() });
const goodbye = z.object({ code: z.string() });

/** An acknowledgement, a long poll's answer, or an error at any door. */
export function parseAnswer(raw: unknown): Said {
  const said = answer.parse(raw);
  if ("error" in said) {
    return { kind: "refused", code: said.error.code, retryAfterMs: said.error.retryAfterMs ?? 0 };
  }
  if (said.kind === "catch-up") return { ...said, deltas: said.deltas.map(toSeenDelta) };
  const { position, count, items, next } = said;
  return { kind: "snapshot", position, count, items: items.map(toSeenItem), isWhole: next === null };
}

/** Undefined for what this client does not know, which it has to ignore. */
export function parseEvent(name: string, raw: unknown): Said | undefined {
  switch (name) {
    case "delta":
      return { kind: "delta", ...toSeenDelta(raw) };
    case "tick":
      return { kind: "tick", ...tick.parse(raw) };
    case "reset":
      return { kind: "reset", ...reset.parse(raw) };
    case "goodbye":
      return { kind: "goodbye", ...goodbye.parse(raw) };
    case "snapshot":
      return parseAnswer(typeof raw === "object" ? { ...raw, kind: "snapshot" } : raw);
    default:
      return undefined;
  }
}

const page = z.object({ position: z.string(), items: z.array(z.unknown()) });

export function parsePage(text: string): Said {
  const { position, items } = page.parse(JSON.parse(text));
  return { kind: "page", position, items: items.map(toSeenItem) };
}

const jsonFeed = z.object({
  _newsline: z.object({ position: z.string(), removed: z.array(z.object({ id: z.string() })) }),
  items: z.array(
    z.object({
      title: z.string(),
      date_published: z.string(),
      _newsline: z.object({ id: z.string(), revision: z.number() }),
    }),
  ),
});

export function parseJsonFeed(text: string): Said {
  const { _newsline: line, items } = jsonFeed.parse(JSON.parse(text));
  return {
    kind: "page",
    position: line.position,
    removed: line.removed.map(({ id }) => id),
    items: items.map(({ title, date_published: orderedAt, _newsline: { id, revision } }) => {
      return { id, revision, orderedAt, ...toMark(title), print: toPrint(`${id} ${revision} ${title}`) };
    }),
  };
}

/** The feeds in XML are of the server's own making, so a pattern reads them. */
export function parseRss(text: string, position: string): Said {
  const items = [...text.matchAll(/<item>(.*?)<\/item>/gs)].map(([, block = ""]) => {
    return toFeedItem(textOf(block, "guid"), textOf(block, "title"));
  });
  return { kind: "page", position, items };
}

export function parseAtom(text: string, position: string): Said {
  const items = [...text.matchAll(/<entry>(.*?)<\/entry>/gs)].map(([, block = ""]) => {
    return toFeedItem(textOf(block, "id"), textOf(block, "title"));
  });
  const removed = [...text.matchAll(/<at:deleted-entry ref="([^"]*)"/g)].map(([, ref = ""]) => toId(ref));
  return { kind: "page", position, items, removed };
}

function textOf(block: string, tag: string): string {
  return new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, "s").exec(block)?.[1] ?? "";
}

function toFeedItem(guid: string, title: string): SeenItem {
  const id = toId(guid);
  return { id, ...toMark(title), print: toPrint(`${id} ${title}`) };
}

/** `urn:newsline:<edition>:<id>` */
function toId(urn: string): string {
  return urn.slice(urn.lastIndexOf(":") + 1);
}

function toMark(title: string): { mark?: string } {
  const mark = findMark(title);
  return mark === undefined ? {} : { mark };
}
