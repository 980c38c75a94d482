import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { toChannel } from "../src/contract/names.ts";
import type { LineSettings } from "../src/contract/rest.ts";
import { readClockMs } from "../src/store/clock.ts";
import { readHistory } from "../src/store/history.ts";
import { readItems, type StoredItem } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";
import { toDeskItem } from "../src/store/project.ts";
import { trimRaw } from "../src/store/raw-deliveries.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { applyAll, type Task } from "./apply-all.ts";

/** The newest items of a line that stay, when its settings say nothing (RET1). */
const KEEP_ITEMS = 50_000;
const BATCH = 500;
const DAY_MS = 86_400_000;

export interface Retention {
  edition: Edition;
  /** Folder of the archive: one NDJSON file a line and month. */
  archiveDir: string;
  lines: () => Promise<ReadonlyMap<string, LineSettings>>;
}

/** Raw deliveries that are too old or too many, then items. */
export async function retain(retention: Retention): Promise<void> {
  await trimRaw(retention.edition, { nowMs: await readClockMs(retention.edition) });
  await retainAll(retention);
}

/** Takes from every line what is beyond its keep. What leaves goes to the archive first. Gives how many left. */
export async function retainAll(retention: Retention): Promise<number> {
  let left = 0;
  for (const [line, settings] of await retention.lines()) {
    left += await retainCount(retention, line, settings.keep?.items ?? KEEP_ITEMS);
    if (settings.keep?.days !== undefined) left += await retainAge(retention, line, settings.keep.days);
  }
  return left;
}

async function retainCount(retention: Retention, line: string, keep: number): Promise<number> {
  const { redis, keys } = retention.edition;
  const order = keys.order(toChannel("desk", line));
  let left = 0;
  for (;;) {
    const excess = (await redis.zcard(order)) - keep;
    if (excess <= 0) return left;
    const ids = await redis.zrange(order, "0", `${Math.min(excess, BATCH) - 1}`);
    left += await retire(retention, line, ids);
  }
}

/** Age counts from `publishedAt`, which the order does not know: the line is walked from its oldest item on. */
async function retainAge(retention: Retention, line: string, days: number): Promise<number> {
  const { edition } = retention;
  const order = edition.keys.order(toChannel("desk", line));
  const oldestMs = (await readClockMs(edition)) - days * DAY_MS;
  const ids = await edition.redis.zrange(order, "0", "-1");
  let left = 0;
  for (let i = 0; i < ids.length; i += BATCH) {
    const items = await readItems(edition, ids.slice(i, i + BATCH));
    const old = items.flatMap((stored) => {
      const at = stored?.record.publishedAt;
      return stored !== undefined && at !== undefined && Date.parse(at) < oldestMs ? [stored.record.id] : [];
    });
    left += await retire(retention, line, old);
  }
  return left;
}

async function retire(retention: Retention, line: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { edition } = retention;
  const items = (await readItems(edition, ids)).filter((stored) => stored !== undefined);
  await archive(retention, line, items);
  await applyAll(
    edition,
    ids.map((id) => toRetirement(id, line)),
  );
  return ids.length;
}

async function archive(retention: Retention, line: string, items: StoredItem[]): Promise<void> {
  const rows: string[] = [];
  for (const { record } of items) {
    if (record.content === null) continue;
    const revisions = await readHistory(retention.edition, record);
    rows.push(`${JSON.stringify({ line, item: toDeskItem(record), revisions })}\n`);
  }
  await mkdir(retention.archiveDir, { recursive: true });
  const month = new Date().toISOString().slice(0, 7);
  await appendFile(join(retention.archiveDir, `${line}-${month}.ndjson`), rows.join(""), { flush: true });
}

function toRetirement(id: string, line: string): Task {
  return {
    id,
    decide: (stored) => {
      if (stored === undefined || !stored.record.lines.includes(line)) return undefined;
      const after = [toRetired(stored.record, line)];
      return { expected: stored.write, before: stored.record, after, retires: true };
    },
  };
}

/** Off this line; when it was the last one, only the identity stays (REV4). */
function toRetired(record: ItemRecord, line: string): ItemRecord {
  const lines = record.lines.filter((name) => name !== line);
  const publicLines = record.publicLines.filter((name) => name !== line);
  const revision = record.revision + 1;
  if (lines.length > 0) return { ...record, revision, lines, publicLines };
  const { proposal: _proposal, pinned: _pinned, breakingUntil: _breaking, ...kept } = record;
  return { ...kept, revision, lines, publicLines, content: null };
}
