/** What a feed says of its own pace. */
export interface FeedHints {
  /** RSS `ttl`: how long what was read stays good. */
  ttlSeconds?: number;
  /** RSS `skipHours`: hours of the day in UTC, 0 to 23, in which nothing new comes. */
  skipHours?: readonly number[];
  /** RSS `skipDays`: days of the week in UTC, Sunday is 0. */
  skipDays?: readonly number[];
}

/** The channel's own elements stand in front of its items. */
const HEAD_BYTES = 32 * 1024;
const LONGEST_TTL_MINUTES = 7 * 24 * 60;
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/**
 * By looking at the first bytes only: hints are no reason to parse a document twice. A feed in UTF-16 has none for us,
 * and one that is broken none that hurt.
 */
export function readFeedHints(body: Buffer): FeedHints {
  const [head = ""] = body.toString("latin1", 0, HEAD_BYTES).split(/<(?:item|entry)[\s>]/u, 1);
  const minutes = Number(/<ttl>\s{0,9}(\d{1,6})\s{0,9}<\/ttl>/u.exec(head)?.[1] ?? 0);
  const skipHours = readList(head, "skipHours", "hour").flatMap(toHour);
  const skipDays = readList(head, "skipDays", "day").flatMap(toDay);
  return {
    ...(minutes > 0 && { ttlSeconds: Math.min(minutes, LONGEST_TTL_MINUTES) * 60 }),
    ...(skipHours.length > 0 && { skipHours }),
    ...(skipDays.length > 0 && { skipDays }),
  };
}

function readList(head: string, list: string, entry: string): string[] {
  const from = head.indexOf(`<${list}>`);
  const to = head.indexOf(`</${list}>`, from);
  if (from < 0 || to < 0) return [];
  const found = head.slice(from, to).matchAll(new RegExp(`<${entry}>([^<]{1,20})</${entry}>`, "gu"));
  return [...found].map((match) => (match[1] ?? "").trim());
}

/** Some write midnight as 24. */
function toHour(text: string): number[] {
  return /^\d{1,2}$/u.test(text) && Number(text) <= 24 ? [Number(text) % 24] : [];
}

function toDay(text: string): number[] {
  const day = DAYS.indexOf(text.toLowerCase());
  return day < 0 ? [] : [day];
}
