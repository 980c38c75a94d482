import { DateTime } from "luxon";
import { z } from "zod";
import { item, urgency } from "./item.ts";
import { lineName } from "./names.ts";
import { DEFAULT_LIMIT, MAX_LIMIT } from "./protocol.ts";
import { toParagraphs, toPlainLine } from "./text.ts";

/** A time with a zone, however written in ISO 8601, to UTC with milliseconds. */
const instantInput = z.string().transform((text, context) => {
  const time = DateTime.fromISO(text, { setZone: true });
  const zoned = /(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/u.test(text);
  if (time.isValid && zoned && text.includes("T") && time.year >= 1 && time.year <= 9999) {
    return time.toUTC().toISO({ suppressMilliseconds: false });
  }
  context.addIssue({
    code: "custom",
    message: "must be a time with a zone such as 2016-09-28T10:34:24+04:00",
  });
  return z.NEVER;
});

const line = (most: number) =>
  z.string().transform(toPlainLine).pipe(z.string().min(1, "must not be empty").max(most));
const paragraphs = (most: number) => z.string().transform(toParagraphs).pipe(z.string().max(most));

/** An absolute http(s) address, kept as written. */
const httpLink = z
  .string()
  .max(2000)
  .refine((text) => {
    return /^https?:\/\//iu.test(text) && !/[\s\p{Cc}]/u.test(text) && URL.canParse(text);
  }, "must be an absolute http or https address");

const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, "must be a BCP 47 tag such as en or az");

const fields = {
  headline: line(2000),
  lines: z
    .array(lineName)
    .min(1)
    .max(16)
    .transform((names) => [...new Set(names)]),
  lead: line(5000),
  body: paragraphs(200_000),
  urgency,
  slugline: line(200),
  link: httpLink,
  language,
  versionCreated: instantInput,
  embargoedUntil: instantInput,
  expires: instantInput,
  edNote: paragraphs(20_000),
};

export const newItem = z.strictObject({
  headline: fields.headline,
  lines: fields.lines.default(["main"]),
  lead: fields.lead.optional(),
  body: fields.body.optional(),
  urgency: fields.urgency.optional(),
  slugline: fields.slugline.optional(),
  link: fields.link.optional(),
  language: fields.language.optional(),
  versionCreated: fields.versionCreated.optional(),
  embargoedUntil: fields.embargoedUntil.optional(),
  expires: fields.expires.optional(),
  edNote: fields.edNote.optional(),
});
export type NewItem = z.infer<typeof newItem>;

/** Fields to change; `null` clears one. */
export const itemChange = z
  .strictObject({
    change: z.enum(["update", "correction"]).default("update"),
    correctionNote: line(2000).optional(),
    /** Takes the texts of earlier revisions out of every public door for good (COR1). */
    hideEarlier: z.boolean().optional(),
    headline: fields.headline.optional(),
    lines: fields.lines.optional(),
    lead: fields.lead.nullish(),
    body: fields.body.nullish(),
    urgency: fields.urgency.nullish(),
    slugline: fields.slugline.nullish(),
    link: fields.link.nullish(),
    language: fields.language.nullish(),
    versionCreated: fields.versionCreated.nullish(),
    embargoedUntil: fields.embargoedUntil.nullish(),
    expires: fields.expires.nullish(),
    edNote: fields.edNote.nullish(),
  })
  .refine((body) => body.change !== "correction" || body.correctionNote !== undefined, {
    path: ["correctionNote"],
    message: "a correction needs a note that readers will see",
  });
export type ItemChange = z.infer<typeof itemChange>;

export const killRequest = z.strictObject({ reason: line(1000) });
export const holdRequest = z.strictObject({ reason: line(1000).optional() });

export const lineSettings = z.strictObject({
  title: line(200).optional(),
  language: language.optional(),
  keep: z
    .strictObject({
      items: z.int().min(1).max(1_000_000).optional(),
      days: z.int().min(1).max(36_500).optional(),
    })
    .optional(),
});
export type LineSettings = z.infer<typeof lineSettings>;

/** What each role may do; a later one may do all that an earlier one may. */
export const ROLES = ["machine", "editor", "chief", "admin"] as const;
export type Role = (typeof ROLES)[number];
export const tokenRequest = z.strictObject({ name: line(100), role: z.enum(ROLES) });

const limit = z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT);
/** `desk` needs a token. */
const channel = z.enum(["public", "desk"]).default("public");
/** Any text is answered: what is no cursor of ours gets a snapshot. */
const since = z.string().optional().catch(undefined);

export const lineQuery = z.object({
  limit,
  before: z.string().optional(),
  urgency: z.coerce.number().int().min(1).max(9).optional(),
  q: z.string().max(200).optional(),
  channel,
});
export const deltasQuery = z.object({
  since,
  wait: z.coerce.number().min(0).max(30).default(0),
  limit,
  channel,
});
export const eventsQuery = z.object({ since, limit });
export const stateQuery = z.object({ channel });
export const diffQuery = z.object({
  from: z.coerce.number().int().min(1),
  to: z.coerce.number().int().min(1),
});

/** What a WebSub hub asks or tells (WebSub 5.3). */
export const hubQuery = z.object({
  "hub.mode": z.string(),
  "hub.topic": z.string().optional(),
  "hub.challenge": z.string().max(4_096).optional(),
  "hub.lease_seconds": z.coerce.number().optional().catch(undefined),
  "hub.reason": z.string().optional().catch(undefined),
});

/** What a desk command answers: the item, and where each public log stands after it. */
export const commandAnswer = z.object({
  item,
  position: z.string().nullable(),
  positions: z.record(lineName, z.string()),
});

export const OUTCOMES = ["applied", "duplicate", "stale", "held", "killed", "refused"] as const;
export const outcome = z.object({
  id: z.string().nullable(),
  revision: z.int().nullable(),
  outcome: z.enum(OUTCOMES),
  reason: z.string(),
});
export type Outcome = z.infer<typeof outcome>;

export const deliveryStatus = z.object({
  state: z.enum(["queued", "active", "done", "quarantined"]),
  outcomes: z.array(outcome),
  quarantine: z.object({ id: z.string(), code: z.string(), message: z.string() }).optional(),
});
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

export const explanation = z.object({
  file: z.string().optional(),
  format: z.string(),
  drafts: z.array(z.record(z.string(), z.unknown())),
  notes: z.array(z.object({ field: z.string(), rule: z.string() })),
  refused: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Explanation = z.infer<typeof explanation>;
