import { IANAZone } from "luxon";
import { z } from "zod";
import { urgency } from "./item.ts";
import { lineName, sourceName } from "./names.ts";

const zone = z
  .string()
  .refine((name) => IANAZone.isValidZone(name), "must be an IANA zone name such as Asia/Baku");
const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}, "must be a regular expression");

export const FORMATS = [
  "auto",
  "agency-page",
  "rss",
  "atom",
  "json-feed",
  "ninjs",
  "ap-json",
  "newsml-g2",
  "newsml-1",
  "nitf",
  "iptc-7901",
  "anpa-1312",
  "zczc",
  "release",
  "ticker-list",
  "text",
] as const;
export type Format = (typeof FORMATS)[number];

/** Who supplies items and how what it sends is to be read. */
export const sourceProfile = z.strictObject({
  kind: z.enum(["push", "poll", "folder", "desk"]),
  /** The endpoint of a `poll` source. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** Seconds between two polls. */
  every: z.int().min(5).max(86_400).optional(),
  /** Nothing is fetched or taken from its folder until this is gone; what it sends itself is still read. */
  paused: z.boolean().optional(),
  format: z.enum(FORMATS).default("auto"),
  /** Zone of times that are written without an offset. */
  zone: zone.default("UTC"),
  language: z.string().max(35).optional(),
  lines: z.array(lineName).min(1).max(16),
  /** What the source writes → our urgency, e.g. `{"f": 1}`. */
  urgencyMap: z.record(z.string(), urgency).optional(),
  /** What the agency's signals mean for `change`, by the code as it writes it, e.g. `{"sig:correction": "none"}`. */
  signals: z.record(z.string(), z.enum(["new", "update", "correction", "none"])).optional(),
  /** `hold`: nothing is public until an editor releases it; `flash`: may raise a flash (URG1). */
  trust: z.enum(["hold", "normal", "flash"]).default("normal"),
  /** False: updates stay in the item's place (ORD2). */
  moves: z.boolean().default(true),
  /** Other sources whose items this one may update, hold or withdraw (SRC1). */
  actsFor: z.array(sourceName).max(64).optional(),
  /** The name readers see. */
  credit: z.string().max(200).optional(),
  /** Replaces the built-in sign-off pattern. */
  signOffPattern: pattern.optional(),
  /** Replaces the built-in separator between versions on a page. */
  separatorPattern: pattern.optional(),
  /** Habits of docs/formats.md that are recognised without setting can be switched off here by name. */
  habitsOff: z.array(z.string()).optional(),
});
export type SourceProfile = z.infer<typeof sourceProfile>;
export type SourceProfileInput = z.input<typeof sourceProfile>;
