import { z } from "zod";
import { dryRun } from "../../contract/dry-run.ts";
import { presetFile, sourceProfile } from "../../contract/profile.ts";
import { sourceHealth, sourceReport, sourceWeek } from "../../contract/screens.ts";
import type { Operation } from "./operation.ts";

/** Who supplies items, and how its deliveries are read. */
export const SOURCES: Operation[] = [
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
];
