import { z } from "zod";
import { door, seenItem } from "../history.ts";
import { FAULTS } from "./faults.ts";

/** What one client is to do. */
export const plan = z.object({
  client: z.number(),
  /** More than one: another for every connection, with the same cursor. */
  doors: z.array(door).min(1),
  line: z.string(),
  limit: z.number(),
  /** How long it stays on the average before it closes the lid. */
  stayMs: z.number(),
  /** How long it stays away at most. */
  awayMs: z.number(),
  /** How long it waits at most before it tries again. */
  retryMs: z.number(),
  /** Within which time the first connections are made. */
  spreadMs: z.number(),
  /** Between two questions for a page. */
  pageMs: z.number(),
});
export type Plan = z.infer<typeof plan>;

/** What the checker tells a process of clients. */
export const toClients = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("start"),
    plans: z.array(plan),
    ports: z.array(z.number()),
    seed: z.number(),
    path: z.string(),
    fault: z.enum(FAULTS).optional(),
  }),
  z.object({ do: z.literal("lie") }),
  z.object({ do: z.literal("leaks"), leaks: z.array(z.object({ line: z.string(), item: seenItem })) }),
  /** Come to rest at these positions, and write down what you hold. */
  z.object({ do: z.literal("settle"), positions: z.record(z.string(), z.string()), patienceMs: z.number() }),
  z.object({ do: z.literal("stop") }),
]);
export type ToClients = z.infer<typeof toClients>;

export const fromClients = z.discriminatedUnion("say", [
  z.object({ say: z.literal("counts"), counts: z.record(z.string(), z.number()), lies: z.number() }),
  z.object({ say: z.literal("settled") }),
  z.object({ say: z.literal("stopped") }),
]);
export type FromClients = z.infer<typeof fromClients>;
