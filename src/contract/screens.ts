import { z } from "zod";

/** A run of words in a comparison of two texts: in both, only in the later, only in the earlier. */
export const diffRun = z.object({ mark: z.enum(["same", "added", "removed"]), text: z.string() });
export type DiffRun = z.infer<typeof diffRun>;

/** `GET /v1/items/:id/diff?from=1&to=2`: joined, the runs that are not removed give the later text. */
export const revisionDiff = z.object({
  id: z.string(),
  from: z.int(),
  to: z.int(),
  headline: z.array(diffRun),
  bodyText: z.array(diffRun),
});
export type RevisionDiff = z.infer<typeof revisionDiff>;

/** `GET /v1/status`: the public part of what the wall's strip shows. Times and counts only. */
export const serviceStatus = z.object({
  live: z.boolean(),
  since: z.string().optional(),
  worker: z.boolean(),
  queue: z.object({ waiting: z.int(), oldestMs: z.number() }),
  /** Stored to sent, in ms, over the last minutes; null before the first change. */
  latency: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  /** By line, at all gateways; an answer may be some seconds behind. */
  readers: z.record(z.string(), z.int()),
  /** How many gateways serve them. */
  gateways: z.int().optional(),
  version: z.string(),
});
export type ServiceStatus = z.infer<typeof serviceStatus>;

/** How things stand with the hub that pushes what is new in a polled feed (WebSub). */
export const pushHealth = z.object({
  state: z.enum(["asking", "active", "denied", "leaving"]),
  hub: z.string(),
  leaseUntil: z.string().optional(),
  lastPushAt: z.string().optional(),
  /** A poll found something that the hub had not told of; until it tells of something, polling goes on as without it. */
  silentSince: z.string().optional(),
  /** What came with a signature that is not the hub's was dropped so often. */
  badSignatures: z.int().optional(),
  message: z.string().optional(),
});
export type PushHealth = z.infer<typeof pushHealth>;

/** How polling a source goes: what the wall says of it in words, and when it is asked next. */
export const pollHealth = z.object({
  /** `gone`: the endpoint said that it is closed for good (410), and it is not asked again. */
  state: z.enum(["ok", "failing", "gone"]),
  lastPollAt: z.string().optional(),
  nextPollAt: z.string().optional(),
  /** Why it fails, in one sentence. */
  message: z.string().optional(),
  /** Polls that failed since the last good one. */
  failuresInARow: z.int(),
  /** Where it is fetched from, if not from the profile's address: the endpoint moved for good. */
  movedTo: z.string().optional(),
});
export type PollHealth = z.infer<typeof pollHealth>;

export const SOURCE_ALARMS = ["silent", "clock", "missing", "unreadable", "late"] as const;

/** What the doctor found when it last looked at a source. Absent is what is not known yet. */
export const sourceReport = z.object({
  at: z.string(),
  /** Since when its rhythm is learned. */
  since: z.string().optional(),
  /** Enough of it is known to call a silence odd. */
  isLearned: z.boolean(),
  /** Spells of 5 minutes in which it usually sends something, in this hour of the week; 12 at most. */
  usualPerHour: z.number().optional(),
  silence: z
    .object({
      /** When something of it last took effect. */
      since: z.string(),
      /** Spells with news that were due since then. */
      due: z.number(),
    })
    .optional(),
  /** Received minus source time of the items of today and yesterday. */
  lateness: z
    .object({
      items: z.int(),
      medianMs: z.int(),
      p95Ms: z.int(),
      /** Of the last twenty, once it is known what is usual. */
      nowMs: z.int().optional(),
      /** The most that was usual, by the same measure. */
      usualMs: z.int().optional(),
    })
    .optional(),
  /** Source times that lay in the future when they came, of the same items, and how far. */
  clock: z.object({ ahead: z.int(), items: z.int(), medianMs: z.int() }).optional(),
  /** Running numbers that never came, today and yesterday: the first few of each service, and how many in all. */
  missing: z
    .array(
      z.object({
        service: z.string(),
        count: z.int(),
        ranges: z.array(z.object({ from: z.int(), to: z.int() })),
      }),
    )
    .optional(),
  /** Of today and yesterday. */
  deliveries: z.int(),
  unreadable: z.int(),
  /** What somebody should look at, each with a sentence. */
  alarms: z.array(z.object({ kind: z.enum(SOURCE_ALARMS), says: z.string() })),
});
export type SourceReport = z.infer<typeof sourceReport>;

/** A source's usual week: spells of 5 minutes with news in each hour, Monday 0:00 in its zone first. */
export const sourceWeek = z.array(z.number()).length(168);

/** A source's pulse, as `GET /v1/sources` tells it beside the profile. */
export const sourceHealth = z.object({
  lastReceivedAt: z.string().optional(),
  lastItemAt: z.string().optional(),
  items: z.int(),
  failures: z.int(),
  poll: pollHealth.optional(),
  push: pushHealth.optional(),
  report: sourceReport.optional(),
});
export type SourceHealth = z.infer<typeof sourceHealth>;

/**
 * `GET /v1/items/:id/screens`: who still shows an item as it was before it was withdrawn, held or corrected, at all
 * gateways. Known from what screens report of themselves (`seen`).
 */
export const itemScreens = z.object({
  id: z.string(),
  /** The revision that took it away or corrected it. */
  revision: z.int(),
  /** Screens that have said that they stand before it. */
  still: z.int(),
  /** When one of these was last heard of. */
  lastSeenAt: z.string().optional(),
  /** Screens on sockets that have not said what they show. Other doors have no way to say it: not counted here. */
  unknown: z.int(),
  /** Gateways that have not told yet how it is since then; 0 means that the counts are whole. */
  pending: z.int(),
});
export type ItemScreens = z.infer<typeof itemScreens>;
