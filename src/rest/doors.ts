import type { Queue } from "bullmq";
import type { Router } from "express";
import type { DeskCommands } from "../queue/desk-commands.ts";
import type { Durability } from "../redis/check.ts";
import type { Edition } from "../store/keys.ts";
import type { LineViews } from "../stream/line-views.ts";
import { createAuditRouter } from "./audit.ts";
import type { Auth } from "./auth.ts";
import { createDeliveriesRouter } from "./deliveries.ts";
import { createDeskItemsRouter } from "./desk-items.ts";
import { createDocsRouter } from "./docs.ts";
import { createExplainRouter } from "./explain.ts";
import { createHealthRouter } from "./health.ts";
import { Latency } from "./latency.ts";
import { createLineSettingsRouter } from "./line-settings.ts";
import { createMetrics } from "./metrics.ts";
import { createPagesRouter } from "./pages.ts";
import type { Presence } from "./presence.ts";
import type { Pulse } from "./pulse.ts";
import { createQuarantineRouter } from "./quarantine.ts";
import { createScreensRouter } from "./screens.ts";
import { createSourcesRouter } from "./sources.ts";
import { createStatusRouter } from "./status.ts";
import { createTokensRouter } from "./tokens.ts";
import { createWebSubRouter } from "./websub.ts";

export interface DoorsOptions {
  edition: Edition;
  views: LineViews;
  auth: Auth;
  commands: DeskCommands;
  ingestLane: Queue;
  pulse: Pulse;
  durability: Durability;
  hasFixedAdmin: boolean;
  presence: Presence;
  isDraining: () => boolean;
  installed: { version: string; clientDir: string };
}

/** All routers of this gateway but the public ones; each takes the two or three things it uses. */
export function createDoors(options: DoorsOptions): { health: Router[]; doors: Router[] } {
  const { edition, views, auth, commands, ingestLane, pulse, presence, isDraining } = options;
  const { version, clientDir } = options.installed;
  const latency = new Latency();
  const metrics = createMetrics({ views, pulse, presence });
  views.onDelta(({ atMs }) => {
    const tookMs = Date.now() - atMs;
    latency.add(tookMs);
    metrics.countDelta(tookMs);
  });
  const onAccepted = (bytes: number) => metrics.countDelivery(bytes);
  return {
    health: [
      createHealthRouter({ views, pulse, durability: options.durability, isDraining }),
      metrics.router,
    ],
    doors: [
      createDeskItemsRouter({ edition, auth, commands, whenAt: (...place) => views.whenAt(...place) }),
      createDeliveriesRouter({ edition, auth, lane: ingestLane, onAccepted }),
      createWebSubRouter({ edition, lane: ingestLane, onAccepted }),
      createExplainRouter({ edition, auth, commands }),
      createSourcesRouter({ edition, auth, commands }),
      createLineSettingsRouter({ edition, auth }),
      createQuarantineRouter({ edition, auth, lane: ingestLane }),
      createScreensRouter({ auth, presence }),
      createAuditRouter({ edition, auth }),
      createTokensRouter({ edition, auth, hasFixedAdmin: options.hasFixedAdmin }),
      createStatusRouter({ views, pulse, latency, presence, version }),
      createDocsRouter(version),
      createPagesRouter(clientDir),
    ],
  };
}
