import type { Plan } from "../clients/messages.ts";
import { type Door, FOLLOWING } from "../history.ts";
import type { Chance } from "./chance.ts";

/** Which doors, and how many of a hundred clients. The last kind goes through another door every time. */
const KINDS: readonly { doors: readonly Door[]; share: number }[] = [
  { doors: ["websocket"], share: 34 },
  { doors: ["polling"], share: 10 },
  { doors: ["events"], share: 17 },
  { doors: ["long-poll"], share: 13 },
  { doors: FOLLOWING, share: 12 },
  { doors: ["page"], share: 6 },
  { doors: ["rss"], share: 2 },
  { doors: ["atom"], share: 3 },
  { doors: ["json-feed"], share: 3 },
];
const LIMITS = [10, 50, 200];
/** What a feed shows. */
const FEED_LIMIT = 50;

export type Pace = Pick<Plan, "stayMs" | "awayMs" | "retryMs" | "spreadMs" | "pageMs">;

/** Every kind is there, however few clients there are. */
export function toPlans(count: number, lines: readonly string[], chance: Chance, pace: Pace): Plan[] {
  const doors = KINDS.flatMap((kind) => {
    const share = Math.max(1, Math.round((kind.share * count) / 100));
    return Array.from({ length: share }, () => kind.doors);
  });
  // Too few through rounding: more of the first kind.
  while (doors.length < count) doors.push(KINDS[0]?.doors ?? FOLLOWING);
  const kept = doors.length > count ? doors.slice(doors.length - count) : doors;
  return kept.map((own, client) => {
    const isFeed = own.length === 1 && !["page", ...FOLLOWING].some((name) => name === own[0]);
    return {
      client,
      doors: [...own],
      line: lines[client % lines.length] ?? "main",
      limit: isFeed ? FEED_LIMIT : (chance.pick(LIMITS) ?? FEED_LIMIT),
      ...pace,
    };
  });
}

/** How many clients go through each door; `any` takes turns. */
export function countDoors(plans: readonly Plan[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { doors } of plans) {
    const name = doors.length > 1 ? "any" : (doors[0] ?? "any");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
