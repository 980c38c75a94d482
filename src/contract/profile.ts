import { IANAZone } from "luxon";
import { z } from "zod";
import { urgency } from "./item.ts";
import { lineName, sourceName } from "./names.ts";
import { whyNoPattern } from "./pattern.ts";

const zone = z
  .string()
  .refine((name) => IANAZone.isValidZone(name), "must be an IANA zone name such as Asia/Baku");
const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, "must be a BCP 47 tag such as en or az");
const pattern = z.string().superRefine((text, context) => {
  const why = whyNoPattern(text);
  if (why !== undefined) context.addIssue({ code: "custom", message: why });
});
const words = z.array(z.string().trim().min(1).max(200)).min(1).max(200);

/**
 * Which lines an item goes to. Every condition that is named must hold, any value of it is enough; case does not
 * count and `*` stands for anything.
 */
const route = z
  .strictObject({
    /** Names or codes of subjects and categories, e.g. `sport`, `medtop:15*`. */
    subjects: words.optional(),
    slugline: words.optional(),
    /** Words or phrases that stand in the headline as whole words. */
    headline: words.optional(),
    /** A tag fits what is more exact, too: `en` fits `en-GB`. */
    language: z.array(language).min(1).max(50).optional(),
    /** This urgent or more: 2 fits 1 and 2. */
    urgency: urgency.optional(),
    lines: z.array(lineName).min(1).max(16),
  })
  .refine(
    ({ lines: _lines, ...conditions }) => Object.values(conditions).some((one) => one !== undefined),
    "needs a condition: subjects, slugline, headline, language or urgency",
  );
export type Route = z.infer<typeof route>;

/** Text that only editors may read, known by the beginning of its line. Adds to the habits of docs/formats.md. */
const privateMark = z.strictObject({
  /** First words of the line; case and blanks do not count. */
  starts: z.string().trim().min(2).max(200),
  /** `rest`: the line and all that follows; `paragraph`: its paragraph only. */
  reach: z.enum(["rest", "paragraph"]).default("rest"),
});
export type PrivateMark = z.infer<typeof privateMark>;

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

/** Habits of agencies that are recognised without any setting; docs/formats.md says what each does. */
export const HABIT_NAMES = [
  "hard-wrap",
  "headline-repeat",
  "end-mark",
  "sign-off",
  "not-for-publication",
  "notebook",
  "editors-note",
  "private-note",
  "desk-line",
  "embargo-words",
  "change-words",
  "furniture",
] as const;

/** How what a source sends is to be read: what a preset may fill in. */
const reading = {
  format: z.enum(FORMATS),
  /** Zone of times that are written without an offset. */
  zone,
  language,
  /** What the source writes → our urgency, e.g. `{"f": 1}`. */
  urgencyMap: z.record(z.string(), urgency),
  /** What the agency's signals mean for `change`, by the code as it writes it, e.g. `{"sig:correction": "none"}`. */
  signals: z.record(z.string(), z.enum(["new", "update", "correction", "none"])),
  /** False: updates stay in the item's place (ORD2). */
  moves: z.boolean(),
  /** Its messages are numbered without gaps: a missing number is told to the desk. */
  sequence: z.boolean(),
  /** The last of these numbers, after which they begin anew. Default: learned where it is 99, 999, 9999 …. */
  sequenceEnd: z.int().min(9).max(99_999_999),
  /** Replaces the built-in sign-off pattern. */
  signOffPattern: pattern,
  /** Replaces the built-in separator between versions on a page. */
  separatorPattern: pattern,
  privateMarks: z.array(privateMark).max(50),
  /** Habits that mean something else at this source. */
  habitsOff: z.array(z.enum(HABIT_NAMES)),
};

/** A habit of agencies as a data file in `presets/`: a profile that names it begins with these fields. */
export const presetFile = z.strictObject({
  says: z.string().min(1),
  profile: z.strictObject(reading).partial(),
});
export type PresetFile = z.infer<typeof presetFile>;

/** Who supplies items and how what it sends is to be read. */
export const sourceProfile = z.strictObject({
  kind: z.enum(["push", "poll", "folder", "desk"]),
  /** The preset that it began with. Its fields stand in the profile, so a later change of the preset changes nothing here. */
  preset: z.string().optional(),
  /** The endpoint of a `poll` source. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** Seconds between two polls. */
  every: z.int().min(5).max(86_400).optional(),
  /** Seconds to which polling slows down while nothing changes. Default: `every` where it is named, else 900. */
  slowest: z.int().min(5).max(86_400).optional(),
  /** Nothing is fetched or taken from its folder until this is gone; what it sends itself is still read. */
  paused: z.boolean().optional(),
  format: reading.format.default("auto"),
  zone: reading.zone.default("UTC"),
  language: reading.language.optional(),
  lines: z.array(lineName).min(1).max(16),
  /** An item goes to the lines of every route that fits; to `lines` when none does. */
  routes: z.array(route).max(200).optional(),
  urgencyMap: reading.urgencyMap.optional(),
  signals: reading.signals.optional(),
  /** `hold`: nothing is public until an editor releases it; `flash`: may raise a flash (URG1). */
  trust: z.enum(["hold", "normal", "flash"]).default("normal"),
  moves: reading.moves.default(true),
  sequence: reading.sequence.optional(),
  sequenceEnd: reading.sequenceEnd.optional(),
  /** Other sources whose items this one may update, hold or withdraw (SRC1). */
  actsFor: z.array(sourceName).max(64).optional(),
  /** The name readers see. */
  credit: z.string().max(200).optional(),
  signOffPattern: reading.signOffPattern.optional(),
  separatorPattern: reading.separatorPattern.optional(),
  privateMarks: reading.privateMarks.optional(),
  habitsOff: reading.habitsOff.optional(),
});
export type SourceProfile = z.infer<typeof sourceProfile>;
export type SourceProfileInput = z.input<typeof sourceProfile>;

/** Every line that an item of this source may come to. */
export function toAllLines({ lines, routes = [] }: Pick<SourceProfile, "lines" | "routes">): string[] {
  return [...new Set([...lines, ...routes.flatMap((one) => one.lines)])];
}
