import { z } from "zod";
import { itemExplanation } from "../../contract/dry-run.ts";
import { deliveryStatus, explanation } from "../../contract/rest.ts";
import type { Operation } from "./operation.ts";

const accepted = { delivery: z.object({ id: z.string() }) };

/** What sources hand over, and how it is understood. */
export const DELIVERIES: Operation[] = [
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
];
