import { Router } from "express";
import type { ServiceStatus } from "../contract/screens.ts";
import type { Latency } from "./latency.ts";
import type { Presence } from "./presence.ts";
import type { Pulse } from "./pulse.ts";

export interface StatusOptions {
  views: { readonly live: { live: boolean; since?: string } };
  pulse: Pulse;
  latency: Latency;
  presence: Pick<Presence, "readers" | "gateways">;
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

function toStatus({ views, pulse, latency, presence, version }: StatusOptions): ServiceStatus {
  const { live, since } = views.live;
  const { worker, queue } = pulse.state;
  return {
    live,
    ...(since !== undefined && { since }),
    worker,
    queue,
    latency: latency.percentiles(),
    readers: presence.readers(),
    gateways: presence.gateways,
    version,
  };
}
