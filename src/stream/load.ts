import type { ChainableCommander } from "ioredis";
import { type Channel, lineName, toChannel } from "../contract/names.ts";
import type { Edition } from "../store/keys.ts";
import { ensureLine, readLines } from "../store/lines.ts";
import { comparePlaces, type Standing } from "./display-order.ts";
import { type LogStep, parseLogEntry } from "./entry.ts";
import { type ItemText, LineView, WINDOW } from "./line-view.ts";
import { ViewSet } from "./view-set.ts";

const BATCH = 1_000;

/**
 * Reads every line. Changes go on meanwhile, so what is read is of no one position yet: the caller notes the end
 * of the stream first and applies what came since, which makes it exact.
 * `known` are lines that must be there: a line does not vanish with the store's data.
 */
export async function loadViews(edition: Edition, known: Iterable<string>): Promise<ViewSet> {
  for (const line of known) await ensureLine(edition, line);
  const settings = await readLines(edition);
  const views: LineView[] = [];
  for (const line of settings.keys()) {
    if (!lineName.safeParse(line).success) continue;
    // A line that an item has made may have one of its two logs only.
    await ensureLine(edition, line);
    views.push(...(await loadLine(edition, line)));
  }
  return new ViewSet(views, settings);
}

/** Both views of a line; what they have in common is read and kept once. */
async function loadLine(edition: Edition, line: string): Promise<LineView[]> {
  // Positions are read first: whatever is read after them holds at least all up to there.
  const begun = [];
  for (const channel of [toChannel("public", line), toChannel("desk", line)]) {
    const position = await readPosition(edition, channel);
    const log = await readLog(edition, channel, position.offset);
    begun.push({ channel, position, log, scores: await readScores(edition, channel) });
  }
  const revisions = await readRevisions(edition, new Set(begun.flatMap(({ scores }) => [...scores.keys()])));
  const shared = new Map<string, Standing>();
  const views: LineView[] = [];
  for (const { channel, position, log, scores } of begun) {
    const standings = toStandings(scores, revisions, shared);
    const newest = standings.slice(0, WINDOW).map(({ id }) => id);
    const texts = await readTexts(edition, channel, newest);
    views.push(new LineView({ channel, position, standings, texts, log }));
  }
  return views;
}

function toStandings(
  scores: ReadonlyMap<string, number>,
  revisions: ReadonlyMap<string, number>,
  shared: Map<string, Standing>,
): Standing[] {
  const standings: Standing[] = [];
  for (const [id, orderedAtMs] of scores) {
    const revision = revisions.get(id);
    if (revision === undefined) continue;
    const known = shared.get(id);
    const standing = known?.orderedAtMs === orderedAtMs ? known : { id, orderedAtMs, revision };
    shared.set(id, standing);
    standings.push(standing);
  }
  return standings.sort(comparePlaces);
}

export async function readPosition(
  { redis, keys }: Edition,
  channel: Channel,
): Promise<{ epoch: string; offset: number }> {
  const [epoch, offset] = await redis.hmget(keys.meta, `e:${channel}`, `o:${channel}`);
  if (typeof epoch !== "string") throw new Error(`${channel} has no epoch`);
  return { epoch, offset: Number(offset ?? 0) };
}

/** The end of the channel's log up to `offset`; nothing if its last entries are missing. */
async function readLog({ redis, keys }: Edition, channel: Channel, offset: number): Promise<LogStep[]> {
  const steps: LogStep[] = [];
  for (let next = offset; next > 0; ) {
    const batch = await redis.xrevrange(keys.log(channel), `${next}-0`, "-", "COUNT", BATCH);
    for (const raw of batch) {
      const step = parseLogEntry(raw);
      if (step.offset !== next) return steps.toReversed();
      steps.push(step);
      next -= 1;
    }
    if (batch.length < BATCH) break;
  }
  return steps.toReversed();
}

/**
 * By scanning, not by rank: an item that stays is never missed while others come and go. Those that come, go or
 * move meanwhile are in the stream.
 */
async function readScores({ redis, keys }: Edition, channel: Channel): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  let cursor = "0";
  do {
    const [next, flat] = await redis.zscan(keys.order(channel), cursor, "COUNT", BATCH);
    for (let i = 0; i + 1 < flat.length; i += 2) scores.set(flat[i] ?? "", Number(flat[i + 1]));
    cursor = next;
  } while (cursor !== "0");
  return scores;
}

async function readRevisions({ redis, keys }: Edition, ids: Iterable<string>): Promise<Map<string, number>> {
  const revisions = new Map<string, number>();
  for (const batch of toBatches([...ids])) {
    const pipeline = redis.pipeline();
    for (const id of batch) pipeline.hget(keys.item(id), "r");
    for (const [index, revision] of (await run(pipeline)).entries()) {
      const id = batch[index];
      if (id !== undefined && typeof revision === "string") revisions.set(id, Number(revision));
    }
  }
  return revisions;
}

/** The items' JSON as it is now; items that are shown no more are left out. */
export async function readTexts(
  { redis, keys }: Edition,
  channel: Channel,
  ids: readonly string[],
): Promise<Map<string, ItemText>> {
  const texts = new Map<string, ItemText>();
  const field = channel.startsWith("desk:") ? "d" : "p";
  for (const batch of toBatches(ids)) {
    const pipeline = redis.pipeline();
    for (const id of batch) pipeline.hmget(keys.item(id), "r", field);
    for (const [index, fields] of (await run(pipeline)).entries()) {
      const id = batch[index];
      const [revision, json]: unknown[] = Array.isArray(fields) ? fields : [];
      if (id !== undefined && typeof json === "string") texts.set(id, { revision: Number(revision), json });
    }
  }
  return texts;
}

function* toBatches(ids: readonly string[]): Iterable<readonly string[]> {
  for (let from = 0; from < ids.length; from += BATCH) yield ids.slice(from, from + BATCH);
}

async function run(pipeline: ChainableCommander): Promise<unknown[]> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}
