import { Router } from "express";
import type { Durability } from "../redis/check.ts";
import type { Pulse } from "./pulse.ts";

export interface HealthOptions {
  views: { readonly isReady: boolean; readonly live: { live: boolean; since?: string } };
  pulse: Pulse;
  durability: Durability;
  isDraining: () => boolean;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work. Once ready it stays so until it drains, also
 * without workers or Redis: readers are served from memory, and taking the gateway out of service would harm them.
 */
export function createHealthRouter(options: HealthOptions): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.set("Cache-Control", "no-store").json({ status: "ok" });
  });
  router.get("/readyz", (_request, response) => {
    const waitingFor = toWaitingFor(options);
    const { live, since } = options.views.live;
    if (waitingFor !== undefined) response.set("Retry-After", "1");
    response
      .set("Cache-Control", "no-store")
      .status(waitingFor === undefined ? 200 : 503)
      .json({
        ready: waitingFor === undefined,
        ...(waitingFor !== undefined && { waitingFor }),
        live,
        ...(since !== undefined && { since }),
        worker: options.pulse.state.worker,
        durability: options.durability,
      });
  });
  return router;
}

/** Why this gateway should get no callers now. */
function toWaitingFor({
  views,
  pulse,
  isDraining,
}: HealthOptions): "draining" | "lines" | "worker" | undefined {
  if (isDraining()) return "draining";
  if (!views.isReady) return "lines";
  return pulse.state.workerSeen ? undefined : "worker";
}
