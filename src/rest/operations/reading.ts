import { z } from "zod";
import { item, lineItem, revisionEntry } from "../../contract/item.ts";
import { deltasQuery, diffQuery, eventsQuery, lineQuery, stateQuery } from "../../contract/rest.ts";
import { revisionDiff, serviceStatus } from "../../contract/screens.ts";
import { catchUpAck, snapshotAck } from "../../contract/socket.ts";
import type { Operation } from "./operation.ts";

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

/** What anybody may read. */
export const READING: Operation[] = [
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
