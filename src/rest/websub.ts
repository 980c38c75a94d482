import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Queue } from "bullmq";
import { type Request, Router } from "express";
import type { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { sourceName } from "../contract/names.ts";
import { hubQuery } from "../contract/rest.ts";
import { acceptDelivery } from "../store/deliveries.ts";
import type { Edition } from "../store/keys.ts";
import { readPollState, writeAcceptedHash } from "../store/poll-state.ts";
import { readSource } from "../store/sources.ts";
import {
  changeSubscription,
  countBadSignature,
  dueSubscription,
  endSubscription,
  readSubscription,
  type Subscription,
} from "../store/subscriptions.ts";
import { paramOf } from "./parse.ts";
import { bytesOf, readBytes } from "./raw-body.ts";

export interface WebSubOptions {
  edition: Edition;
  lane: Queue;
  onAccepted?: (bytes: number) => void;
}

const HOUR_MS = 3_600_000;
/** A hub that does not want us may want us another day. */
const DENIED_RETRY_MS = 24 * HOUR_MS;
/** A lease is renewed when so much of it has passed. */
const RENEW_AFTER = 0.8;
const LEAST_LEASE_S = 60;
const LONGEST_LEASE_S = 366 * 86_400;
const UNTOLD_LEASE_S = 86_400;

type Question = z.infer<typeof hubQuery>;

/**
 * The door for hubs (WebSub 5.3 and 7): each subscription has an address of its own whose last part is a secret.
 * It answers 404 to what nobody asked for and 410 to a push that nobody waits for, so that the hub may end it.
 */
export function createWebSubRouter(options: WebSubOptions): Router {
  const { edition } = options;
  const router = Router();
  router.get("/v1/websub/:source/:token", async (request, response) => {
    const source = paramOf(request, "source");
    const subscription = await findSubscription(edition, request);
    const asked = hubQuery.safeParse(request.query);
    const answer =
      subscription !== undefined && asked.success
        ? await answerHub(edition, source, subscription, asked.data)
        : undefined;
    if (answer === undefined) throw new NewsLineError("not_found");
    response.set("Cache-Control", "no-store").type("text/plain").send(answer);
  });
  router.post(
    "/v1/websub/:source/:token",
    async (request, response, next) => {
      // Before the body is read, and again with it: only a hub that we know may send 15 MB.
      if ((await findSubscription(edition, request)) !== undefined) next();
      else response.status(410).end();
    },
    readBytes(),
    async (request, response) => {
      const subscription = await findSubscription(edition, request);
      if (subscription === undefined) {
        response.status(410).end();
        return;
      }
      await takePush(request, subscription, options);
      response.status(202).end();
    },
  );
  return router;
}

async function findSubscription(edition: Edition, request: Request): Promise<Subscription | undefined> {
  const source = sourceName.safeParse(paramOf(request, "source"));
  if (!source.success) return undefined;
  const subscription = await readSubscription(edition, source.data);
  const isKnown = subscription !== undefined && isSame(paramOf(request, "token"), subscription.token);
  return isKnown ? subscription : undefined;
}

/** In the same time whatever differs. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** What to send back; undefined for what nobody asked for. */
async function answerHub(
  edition: Edition,
  source: string,
  subscription: Subscription,
  asked: Question,
): Promise<string | undefined> {
  if (asked["hub.topic"] !== subscription.topic) return undefined;
  const { state } = subscription;
  const challenge = asked["hub.challenge"] ?? "";
  if (asked["hub.mode"] === "denied") {
    const why = (asked["hub.reason"] ?? "").replace(/\p{Cc}/gu, " ").slice(0, 200);
    const message =
      why === "" ? "The hub denied the subscription." : `The hub denied the subscription: ${why}`;
    await changeSubscription(edition, source, subscription, { state: "denied", message });
    await dueSubscription(edition, source, Date.now() + DENIED_RETRY_MS);
    return "";
  }
  if (challenge === "") return undefined;
  if (asked["hub.mode"] === "unsubscribe" && state === "leaving") {
    await endSubscription(edition, source);
    return challenge;
  }
  if (asked["hub.mode"] !== "subscribe" || (state !== "asking" && state !== "active")) return undefined;
  await activate(edition, source, { subscription, leaseSeconds: asked["hub.lease_seconds"] });
  return challenge;
}

async function activate(
  edition: Edition,
  source: string,
  {
    subscription,
    leaseSeconds = UNTOLD_LEASE_S,
  }: { subscription: Subscription; leaseSeconds: number | undefined },
): Promise<void> {
  const nowMs = Date.now();
  const leaseMs = Math.min(LONGEST_LEASE_S, Math.max(LEAST_LEASE_S, leaseSeconds)) * 1_000;
  const fields = {
    state: "active",
    activeMs: (subscription.state === "active" ? subscription.activeMs : undefined) ?? nowMs,
    leaseEndMs: nowMs + leaseMs,
    failures: 0,
    message: "",
  };
  const isOurs = await changeSubscription(edition, source, subscription, fields);
  if (isOurs) await dueSubscription(edition, source, nowMs + leaseMs * RENEW_AFTER);
}

/** The hub is told of no fault but a lack of room: whoever guesses at signatures learns nothing (WebSub 8). */
async function takePush(
  request: Request,
  subscription: Subscription,
  { edition, lane, onAccepted }: WebSubOptions,
): Promise<void> {
  const source = paramOf(request, "source");
  const bytes = bytesOf(request);
  if (!isSigned(request.get("X-Hub-Signature"), bytes, subscription.secret)) {
    await countBadSignature(edition, source);
    return;
  }
  const profile = await readSource(edition, source);
  if (profile?.kind !== "poll" || profile.url !== subscription.for || profile.paused === true) return;
  const hash = createHash("sha256").update(bytes).digest("base64url");
  const { hash: last } = await readPollState(edition, source);
  if (hash !== last) {
    const contentType = request.get("Content-Type");
    await acceptDelivery(edition, lane, {
      source,
      bytes,
      address: subscription.topic,
      ...(contentType !== undefined && { contentType }),
      // A hub that has not heard our answer sends it again.
      once: `push ${last ?? ""} ${hash}`,
    });
    onAccepted?.(bytes.length);
    await writeAcceptedHash(edition, source, hash);
  }
  await changeSubscription(edition, source, subscription, { pushMs: Date.now(), missedMs: "" });
}

const METHODS = new Set(["sha1", "sha256", "sha384", "sha512"]);

/** `X-Hub-Signature: sha256=<hex>` over the body, with the secret that only this hub was told. */
export function isSigned(header: string | undefined, body: Buffer, secret: string): boolean {
  const [method = "", hex = ""] = (header ?? "").trim().split("=", 2);
  if (!METHODS.has(method.toLowerCase())) return false;
  const expected = createHmac(method.toLowerCase(), secret).update(body).digest();
  const given = Buffer.from(hex, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
