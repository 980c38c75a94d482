import type { Queue } from "bullmq";
import { type Request, Router } from "express";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { acceptDelivery, readDelivery } from "../store/deliveries.ts";
import type { Edition } from "../store/keys.ts";
import type { Auth } from "./auth.ts";
import { paramOf, parseAtDoor } from "./parse.ts";
import { bytesOf, readBytes } from "./raw-body.ts";
import { requireSource } from "./sources.ts";

export interface DeliveriesOptions {
  edition: Edition;
  auth: Auth;
  lane: Queue;
  onAccepted?: (bytes: number) => void;
}

const deliveryQuery = z.object({
  filename: z.string().max(255).optional(),
  /** An import: never late, never shown as new (TIM2). */
  backfill: z.enum(["true", "false", "1", "0"]).optional(),
});

/** The machines' door: bytes in, a delivery on the queue. */
export function createDeliveriesRouter({ edition, auth, lane, onAccepted }: DeliveriesOptions): Router {
  const router = Router();
  router.post(
    "/v1/sources/:source/deliveries",
    auth.require("machine"),
    async (request, _response, next) => {
      // Before the body is read: nobody should send 15 MB to be told that the address was wrong.
      await requireSource(edition, paramOf(request, "source"));
      next();
    },
    readBytes(),
    async (request, response) => {
      const bytes = bytesOf(request);
      const { id } = await acceptDelivery(edition, lane, {
        source: paramOf(request, "source"),
        bytes,
        ...toCircumstances(request),
      });
      onAccepted?.(bytes.length);
      response.status(202).location(`/v1/deliveries/${id}`).json({ delivery: { id } });
    },
  );
  router.get("/v1/deliveries/:id", auth.require("machine"), async (request, response) => {
    const delivery = await readDelivery(edition, paramOf(request, "id"));
    if (delivery === undefined) throw new NewsLineError("unknown_delivery");
    const { state, outcomes, quarantine } = delivery;
    response.set("Cache-Control", "no-store").json({ state, outcomes, quarantine });
  });
  return router;
}

/** What was told beside the bytes. */
function toCircumstances(request: Request) {
  const { filename, backfill } = parseAtDoor(deliveryQuery, request.query);
  const contentType = request.get("Content-Type");
  const address = toAddress(request.get("Content-Location"));
  return {
    ...(contentType !== undefined && { contentType }),
    ...(address !== undefined && { address }),
    ...(filename !== undefined && { filename }),
    ...((backfill === "true" || backfill === "1") && { backfill: true }),
  };
}

/** A page that comes again is known by its address. */
function toAddress(header: string | undefined): string | undefined {
  return header !== undefined && /^https?:\/\//i.test(header) && URL.canParse(header) ? header : undefined;
}
