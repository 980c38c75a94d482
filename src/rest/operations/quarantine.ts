import { z } from "zod";
import type { Operation } from "./operation.ts";

const quarantineEntry = z.object({
  id: z.string(),
  delivery: z.string(),
  source: z.string(),
  code: z.string(),
  message: z.string(),
  at: z.string(),
});
const accepted = { delivery: z.object({ id: z.string() }) };

/** What could not be read. */
export const QUARANTINE: Operation[] = [
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
