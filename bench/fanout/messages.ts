import { z } from "zod";

/** What the processes of the bench tell each other. */
export const fromServer = z.object({ port: z.number() });
export const toServer = z.object({ publish: z.string() });

export const PROTOCOLS = ["plain", "socket.io", "news-line", "news-line-deflated"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const toReader = z.union([z.object({ reset: z.literal(true) }), z.object({ tell: z.literal(true) })]);
export const fromReader = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({
    frames: z.number(),
    changes: z.number(),
    bytes: z.number(),
    closed: z.number(),
    latenciesMs: z.array(z.number()),
  }),
]);
export type Told = Exclude<z.infer<typeof fromReader>, { ready: true }>;

/** The mark that a reader looks for: when the change was made, in microseconds since 1970. */
export function toMark(): string {
  return `T=${Math.round((performance.timeOrigin + performance.now()) * 1_000)};`;
}

const WORDS =
  "harbour council storm bridge market minister ferry school budget court village night river vote price fire police station doctor border".split(
    " ",
  );
/** About as compressible as news: words come again, sentences do not. */
function toLead(n: number): string {
  let seed = n + 1;
  const words: string[] = [];
  while (words.length < 75) {
    seed = (seed * 48_271) % 2_147_483_647;
    const word = WORDS[seed % WORDS.length] ?? "";
    words.push(seed % 3 === 0 ? `${word}${seed % 97}` : word);
  }
  return words.join(" ");
}

/** What the store is given: with everything around it the delta has about 1 KB, as the other servers' messages. */
export function toFields(n: number): { headline: string; lead: string } {
  return { headline: `Berth ${n} opens ${toMark()}`, lead: toLead(n) };
}

/** For the servers that only carry text. */
export function toMessage(n: number): string {
  const at = "2026-03-04T11:00:00.000Z";
  const item = {
    id: `fanout-item-${String(n).padStart(6, "0")}`,
    revision: 1,
    change: "new",
    ...toFields(n),
    urgency: 5,
    lines: ["main"],
    source: "wire",
    orderedAt: at,
    publishedAt: at,
    timeBasis: "source",
  };
  const place = { line: "main", epoch: "f3a94c0d52b7e86124aa9b01", from: n, to: n + 1, at };
  return JSON.stringify({ ...place, ops: [{ op: "put", item }] });
}
