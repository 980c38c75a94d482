import { z } from "zod";
import { delta } from "../contract/delta.ts";
import { dryRun, itemExplanation } from "../contract/dry-run.ts";
import { deskItem, item, lineItem, revisionEntry } from "../contract/item.ts";
import { presetFile, sourceProfile } from "../contract/profile.ts";
import {
  commandAnswer,
  deliveryStatus,
  deltasQuery,
  diffQuery,
  eventsQuery,
  explanation,
  holdRequest,
  itemChange,
  killRequest,
  lineQuery,
  lineSettings,
  newItem,
  ROLES,
  type Role,
  stateQuery,
  tokenRequest,
} from "../contract/rest.ts";
import {
  diffRun,
  itemScreens,
  revisionDiff,
  serviceStatus,
  sourceHealth,
  sourceReport,
  sourceWeek,
} from "../contract/screens.ts";
import { catchUpAck, snapshotAck } from "../contract/socket.ts";

/** One call of the HTTP contract, as it is documented. */
export interface Operation {
  method: "get" | "post" | "put" | "delete";
  /** With `{name}` for what varies. */
  path: string;
  summary: string;
  /** The lowest role that may; absent = anybody. */
  role?: Role;
  query?: z.ZodObject;
  headers?: Record<string, string>;
  /** `bytes` = any document as it is. */
  body?: z.ZodType | "bytes";
  answers: Record<number, Answer>;
  /** Error codes beside those that every call may give. */
  errors?: string[];
}
export type Answer = { says: string; schema?: z.ZodType; type?: string };

/** What is named in the document, so that it is described once. */
export const NAMED: Record<string, z.ZodType> = {
  LineItem: lineItem,
  Item: item,
  DeskItem: deskItem,
  Delta: delta,
  NewItem: newItem,
  ItemChange: itemChange,
  CommandAnswer: commandAnswer,
  DeliveryStatus: deliveryStatus,
  Explanation: explanation,
  SourceProfile: sourceProfile,
  DryRun: dryRun,
  LineSettings: lineSettings,
  RevisionEntry: revisionEntry,
  DiffRun: diffRun,
  ServiceStatus: serviceStatus,
};

const page = z.object({
  line: z.string(),
  position: z.string(),
  count: z.int(),
  items: z.array(lineItem),
  next: z.string().nullable(),
});
const lines = z.object({
  lines: z.array(
    z.object({
      line: z.string(),
      title: z.string().optional(),
      language: z.string().optional(),
      count: z.int(),
      position: z.string(),
    }),
  ),
});
const state = z.object({ epoch: z.string(), offset: z.int(), count: z.int(), sha256: z.string() });
const token = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), createdAt: z.string() });
const quarantineEntry = z.object({
  id: z.string(),
  delivery: z.string(),
  source: z.string(),
  code: z.string(),
  message: z.string(),
  at: z.string(),
});
const auditEntry = z.object({
  id: z.string(),
  at: z.string(),
  by: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});

const KEY = {
  "Idempotency-Key": "The same key and body have one effect, however often they come, for 24 hours.",
};
const REVISION = { "If-Match": 'The revision you have read, such as "3".' };
const COMMAND_ERRORS = ["unknown_item", "key_reused", "not_stored", "outcome_unknown"];
const done = { 200: { says: "The item after it, and where each public log stands", schema: commandAnswer } };
const accepted = { delivery: z.object({ id: z.string() }) };

const READING: Operation[] = [
  {
    method: "get",
    path: "/v1/lines",
    summary: "All lines",
    answers: { 200: { says: "The lines", schema: lines } },
  },
  {
    method: "get",
    path: "/v1/lines/{line}",
    summary: "A page of a line, newest first",
    query: lineQuery,
    answers: { 200: { says: "The page", schema: page }, 304: { says: "Nothing has changed" } },
    errors: ["unknown_line", "bad_cursor"],
  },
  {
    method: "get",
    path: "/v1/lines/{line}/deltas",
    summary: "What has changed since a position; waits for it on request",
    query: deltasQuery,
    answers: { 200: { says: "The changes, or the line anew", schema: z.union([catchUpAck, snapshotAck]) } },
    errors: ["unknown_line"],
  },
  {
    method: "get",
    path: "/v1/lines/{line}/events",
    summary: "The line as server-sent events",
    query: eventsQuery,
    headers: { "Last-Event-ID": "The position to go on from." },
    answers: { 200: { says: "Events snapshot, delta, tick and goodbye", type: "text/event-stream" } },
    errors: ["unknown_line"],
  },
  {
    method: "get",
    path: "/v1/lines/{line}/state",
    summary: "What two sides compare to know that they hold the same list",
    query: stateQuery,
    answers: { 200: { says: "The state", schema: state } },
    errors: ["unknown_line"],
  },
  {
    method: "get",
    path: "/v1/items/{id}",
    summary: "One item with its text; more of it with a token",
    answers: { 200: { says: "The item", schema: item }, 304: { says: "Nothing has changed" } },
    errors: ["unknown_item", "killed"],
  },
  {
    method: "get",
    path: "/v1/items/{id}/revisions",
    summary: "What the item said before, newest first",
    answers: { 200: { says: "The revisions", schema: z.object({ revisions: z.array(revisionEntry) }) } },
    errors: ["unknown_item", "killed"],
  },
  {
    method: "get",
    path: "/v1/items/{id}/diff",
    summary: "What changed from one revision to another, word by word",
    query: diffQuery,
    answers: { 200: { says: "The differences", schema: revisionDiff } },
    errors: ["unknown_item", "unknown_revision", "killed"],
  },
  {
    method: "get",
    path: "/lines/{line}.{format}",
    summary: "The line as a feed: rss, atom or json",
    answers: { 200: { says: "The feed" } },
    errors: ["unknown_line"],
  },
  {
    method: "get",
    path: "/v1/status",
    summary: "How the service does",
    answers: { 200: { says: "Times and counts", schema: serviceStatus } },
  },
];

const ITEMS: Operation[] = [
  {
    method: "post",
    path: "/v1/items",
    summary: "Publish an item",
    role: "editor",
    headers: KEY,
    body: newItem,
    answers: { 201: { says: "Stored, on disk, and on the line", schema: commandAnswer } },
    errors: ["key_reused", "not_stored", "outcome_unknown"],
  },
  {
    method: "put",
    path: "/v1/items/{id}",
    summary: "Update or correct an item; null clears a field",
    role: "editor",
    headers: { ...REVISION, ...KEY },
    body: itemChange,
    answers: done,
    errors: [...COMMAND_ERRORS, "killed", "stale_revision", "if_match_required"],
  },
  {
    method: "post",
    path: "/v1/items/{id}/kill",
    summary: "Withdraw an item for good, from every screen",
    role: "editor",
    headers: KEY,
    body: killRequest,
    answers: done,
    errors: COMMAND_ERRORS,
  },
  {
    method: "post",
    path: "/v1/items/{id}/hold",
    summary: "Take an item off the line while it is checked",
    role: "editor",
    headers: KEY,
    body: holdRequest,
    answers: done,
    errors: [...COMMAND_ERRORS, "killed"],
  },
  ...(["release", "pin", "unpin"] as const).map((name): Operation => {
    const summary = { release: "Let a held item through", pin: "Pin an item", unpin: "Unpin an item" }[name];
    const errors = [...COMMAND_ERRORS, "killed"];
    return {
      method: "post",
      path: `/v1/items/{id}/${name}`,
      summary,
      role: "editor",
      headers: KEY,
      answers: done,
      errors,
    };
  }),
  {
    method: "get",
    path: "/v1/items/{id}/screens",
    summary: "Which screens still show an item that was withdrawn, held or corrected in the last minutes",
    role: "editor",
    answers: { 200: { says: "Counts", schema: itemScreens } },
    errors: ["unknown_item"],
  },
];

const DELIVERIES: Operation[] = [
  {
    method: "post",
    path: "/v1/sources/{source}/deliveries",
    summary: "Hand over a document of any known format",
    role: "machine",
    query: z.object({ filename: z.string().optional(), backfill: z.boolean().optional() }),
    headers: { "Content-Location": "Where the document was fetched from." },
    body: "bytes",
    answers: { 202: { says: "Stored; a worker will read it", schema: z.object(accepted) } },
    errors: ["unknown_source", "unsupported_type", "too_large", "backlog"],
  },
  {
    method: "get",
    path: "/v1/deliveries/{id}",
    summary: "What became of a delivery",
    role: "machine",
    answers: { 200: { says: "Its state and what each item of it did", schema: deliveryStatus } },
    errors: ["unknown_delivery"],
  },
  {
    method: "post",
    path: "/v1/explain",
    summary: "Read a document without storing it",
    role: "machine",
    query: z.object({ source: z.string() }),
    body: "bytes",
    answers: { 200: { says: "What would be stored, and by which rules", schema: explanation } },
    errors: ["unknown_source", "unsupported_type", "too_large", "unavailable"],
  },
  {
    method: "get",
    path: "/v1/deliveries/{id}/explain",
    summary: "Read a delivery once more, as its source's profile is now; nothing is stored",
    role: "editor",
    answers: { 200: { says: "What would be stored, and by which rules", schema: explanation } },
    errors: ["unknown_delivery", "unknown_source", "killed", "unavailable"],
  },
  {
    method: "get",
    path: "/v1/items/{id}/explain",
    summary: "Which rule gave each field of the version that is shown",
    role: "editor",
    answers: { 200: { says: "The version as its delivery is read now", schema: itemExplanation } },
    errors: ["unknown_item", "unknown_delivery", "killed", "unavailable"],
  },
  {
    method: "get",
    path: "/v1/quarantine",
    summary: "What could not be read, newest first",
    role: "editor",
    answers: { 200: { says: "The entries", schema: z.object({ entries: z.array(quarantineEntry) }) } },
  },
  {
    method: "get",
    path: "/v1/quarantine/{id}/bytes",
    summary: "What could not be read, as it came",
    role: "editor",
    answers: { 200: { says: "The bytes", type: "application/octet-stream" } },
    errors: ["unknown_quarantine", "unknown_delivery"],
  },
  {
    method: "post",
    path: "/v1/quarantine/{id}/retry",
    summary: "Try to read it again",
    role: "editor",
    answers: { 202: { says: "Queued", schema: z.object(accepted) } },
    errors: ["unknown_quarantine", "unknown_delivery"],
  },
  {
    method: "delete",
    path: "/v1/quarantine/{id}",
    summary: "Throw it away",
    role: "chief",
    answers: { 204: { says: "Gone" } },
    errors: ["unknown_quarantine"],
  },
];

const SETTINGS: Operation[] = [
  {
    method: "get",
    path: "/v1/sources",
    summary: "All sources and their pulse",
    role: "chief",
    answers: {
      200: {
        says: "The sources",
        schema: z.object({
          sources: z.array(z.object({ source: z.string(), profile: sourceProfile, health: sourceHealth })),
        }),
      },
    },
  },
  {
    method: "get",
    path: "/v1/presets",
    summary: "Known habits of agencies that a profile can begin with",
    role: "chief",
    answers: {
      200: {
        says: "The presets",
        schema: z.object({ presets: z.array(presetFile.extend({ preset: z.string() })) }),
      },
    },
  },
  {
    method: "get",
    path: "/v1/sources/{source}",
    summary: "A source's profile",
    role: "chief",
    answers: { 200: { says: "The profile", schema: sourceProfile } },
    errors: ["unknown_source"],
  },
  {
    method: "get",
    path: "/v1/sources/{source}/report",
    summary: "What is usual for a source, and what is odd about it now",
    role: "chief",
    answers: {
      200: {
        says: "The doctor's report and the usual week, each once there is one",
        schema: z.object({
          source: z.string(),
          zone: z.string(),
          report: sourceReport.optional(),
          week: sourceWeek.optional(),
        }),
      },
    },
    errors: ["unknown_source"],
  },
  {
    method: "put",
    path: "/v1/sources/{source}",
    summary: "Make a source, or change its profile; with dryRun=1 tell what would differ, and change nothing",
    role: "chief",
    query: z.object({ dryRun: z.enum(["0", "1", "false", "true"]).optional() }),
    body: sourceProfile,
    answers: {
      200: {
        says: "The profile as stored; what differs, with dryRun",
        schema: z.union([sourceProfile, dryRun]),
      },
    },
    errors: ["unavailable"],
  },
  {
    method: "delete",
    path: "/v1/sources/{source}",
    summary: "Forget a source; its items stay",
    role: "chief",
    answers: { 204: { says: "Gone" } },
    errors: ["unknown_source", "conflict"],
  },
  {
    method: "put",
    path: "/v1/lines/{line}",
    summary: "Make a line, or change its settings",
    role: "admin",
    body: lineSettings,
    answers: { 200: { says: "The settings as stored", schema: lineSettings.extend({ line: z.string() }) } },
  },
  {
    method: "get",
    path: "/v1/audit",
    summary: "Who did what, newest first",
    role: "chief",
    query: z.object({ limit: z.int().min(1).max(1_000).optional(), before: z.string().optional() }),
    answers: {
      200: {
        says: "A page",
        schema: z.object({ entries: z.array(auditEntry), next: z.string().nullable() }),
      },
    },
  },
  {
    method: "get",
    path: "/v1/tokens",
    summary: "All tokens, without their secrets",
    role: "admin",
    answers: { 200: { says: "The tokens", schema: z.object({ tokens: z.array(token) }) } },
  },
  {
    method: "post",
    path: "/v1/tokens",
    summary: "Make a token; its text is told once",
    role: "admin",
    body: tokenRequest,
    answers: { 201: { says: "The token", schema: token.extend({ token: z.string() }) } },
  },
  {
    method: "delete",
    path: "/v1/tokens/{id}",
    summary: "Revoke a token and end its sockets",
    role: "admin",
    answers: { 204: { says: "Revoked" } },
    errors: ["unknown_token", "conflict"],
  },
];

const PROCESS: Operation[] = [
  { method: "get", path: "/healthz", summary: "The process answers", answers: { 200: { says: "It does" } } },
  {
    method: "get",
    path: "/readyz",
    summary: "It can do its work",
    answers: { 200: { says: "It can" }, 503: { says: "Not yet, or not any more" } },
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Numbers for Prometheus",
    answers: { 200: { says: "This process's own", type: "text/plain" } },
  },
];

export const OPERATIONS: readonly { title: string; operations: readonly Operation[] }[] = [
  { title: "Reading", operations: READING },
  { title: "Items", operations: ITEMS },
  { title: "Deliveries", operations: DELIVERIES },
  { title: "Settings", operations: SETTINGS },
  { title: "Process", operations: PROCESS },
];
