import { z } from "zod";
import { lineSettings, ROLES, tokenRequest } from "../../contract/rest.ts";
import type { Operation } from "./operation.ts";

const token = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), createdAt: z.string() });
const auditEntry = z.object({
  id: z.string(),
  at: z.string(),
  by: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** Lines, tokens and who did what. */
export const SETTINGS: Operation[] = [
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
