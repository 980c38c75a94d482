import { z } from "zod";
import type { Edition } from "./keys.ts";

/** Who did what. Details hold ids, reasons and names, never the text of an item. */
export interface AuditEntry {
  id: string;
  at: string;
  /** Name of the token. */
  by: string;
  action: string;
  target: string;
  details: Record<string, unknown>;
}

const MOST_ENTRIES = 100_000;

export interface NewAuditEntry {
  at?: string;
  by: string;
  action: string;
  target: string;
  details?: Record<string, unknown>;
}

export function toAuditJson(entry: NewAuditEntry): string {
  return JSON.stringify(entry);
}

/** For what is no change of an item: those are noted by the script that makes the change. */
export async function appendAudit(edition: Edition, entry: NewAuditEntry): Promise<void> {
  const { redis, keys } = edition;
  await redis.xadd(keys.audit, "MAXLEN", "~", MOST_ENTRIES, "*", "j", toAuditJson(entry));
}

const storedEntry = z.object({
  at: z.string().optional(),
  by: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), z.unknown()).default({}),
});

/** Newest first; `before` is the id of the last entry of the page before. */
export async function readAudit(
  edition: Edition,
  page: { limit: number; before?: string },
): Promise<AuditEntry[]> {
  const from = page.before === undefined ? "+" : `(${page.before}`;
  const entries = await edition.redis.xrevrange(edition.keys.audit, from, "-", "COUNT", page.limit);
  return entries.map(([id, [, json = "{}"]]) => {
    const stored = storedEntry.parse(JSON.parse(json));
    return { id, ...stored, at: stored.at ?? new Date(Number.parseInt(id, 10)).toISOString() };
  });
}
