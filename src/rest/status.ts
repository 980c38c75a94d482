import { Router } from "express";
import type { ServiceStatus } from "../contract/screens.ts";
import type { Latency } from "./latency.ts";
import type { Pulse } from "./pulse.ts";

export interface StatusOptions {
  views: { readonly live: { live: boolean; since?: string } };
  pulse: Pulse;
  latency: Latency;
  /** Readers connected here, by line. */
  readers: () => Record<string, number>;
  version: string;
}

/** Times and counts that anybody may see: what the wall's strip shows. */
export function createStatusRouter(options: StatusOptions): Router {
  const router = Router();
  router.get("/v1/status", (_request, response) => {
    response.set("Cache-Control", "no-store").json(toStatus(options));
  });
  return router;
}

function toStatus({ views, pulse, latency, readers, version }: StatusOptions): ServiceStatus {
  const { live, since } = views.live;
  const { worker, queue } = pulse.state;
  return {
    live,
    ...(since !== undefined && { since }),
    worker,
    queue,
    latency: latency.percentiles(),
    readers: readers(),
    version,
  };
}
