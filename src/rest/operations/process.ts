import type { Operation } from "./operation.ts";

/** What a supervisor and a monitor ask. */
export const PROCESS: Operation[] = [
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
