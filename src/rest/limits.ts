import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { NewsLineError } from "../contract/errors.ts";
import { isLoopback, toAddressKey } from "./address.ts";
import type { Auth } from "./auth.ts";

/** Requests in a second. What is counted is forgotten after it, so the memory this takes is bounded by itself. */
const PER_TOKEN = 500;
const PER_ADDRESS = 100;
const CONNECTS_PER_ADDRESS = 50;
/** Tokens that turn out wrong: each costs the store a look. */
const WRONG_TOKENS_PER_ADDRESS = 20;

/** Refuses new work before connected readers are harmed (P7). */
export interface Limits {
  requests: RequestHandler;
  /** Whether one more connection from the address may be opened now. */
  mayConnect(address: string): Promise<boolean>;
}

export function createLimits(auth: Auth): Limits {
  const perSecond = (points: number) => new RateLimiterMemory({ points, duration: 1 });
  const tokens = perSecond(PER_TOKEN);
  const addresses = perSecond(PER_ADDRESS);
  const connects = perSecond(CONNECTS_PER_ADDRESS);
  const guesses = perSecond(WRONG_TOKENS_PER_ADDRESS);
  return {
    async requests(request, _response, next) {
      const address = request.ip ?? "";
      if (!isLoopback(address)) {
        const key = toAddressKey(address);
        if (request.headers.authorization === undefined) {
          await consume(addresses, key);
        } else {
          await refuseSpent(guesses, key);
          const caller = await auth.identify(request).catch(async (error: unknown) => {
            await consume(guesses, key);
            throw error;
          });
          await consume(tokens, caller?.id ?? key);
        }
      }
      next();
    },
    async mayConnect(address) {
      if (isLoopback(address)) return true;
      return (await tryConsume(connects, toAddressKey(address))) === undefined;
    },
  };
}

/** Milliseconds to wait when there is nothing left, else undefined. */
async function tryConsume(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
    throw refusal;
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  const retryAfterMs = await tryConsume(limiter, key);
  if (retryAfterMs !== undefined) throw new NewsLineError("rate", { retryAfterMs });
}

async function refuseSpent(limiter: RateLimiterMemory, key: string): Promise<void> {
  const spent = await limiter.get(key);
  if (spent !== null && spent.remainingPoints <= 0) {
    throw new NewsLineError("rate", { retryAfterMs: spent.msBeforeNext });
  }
}
