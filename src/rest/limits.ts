import { BlockList, isIP } from "node:net";
import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { NewsLineError } from "../contract/errors.ts";
import type { Auth } from "./auth.ts";

/** Requests in a second. What is counted is forgotten after it, so the memory this takes is bounded by itself. */
const PER_TOKEN = 500;
const PER_ADDRESS = 100;
const CONNECTS_PER_ADDRESS = 50;
/** Tokens that turn out wrong: each costs the store a look. */
const WRONG_TOKENS_PER_ADDRESS = 20;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

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

export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? "ipv6" : "ipv4");
}

/** One network counts as one caller: whoever has an IPv6 address has 2^64 of them. */
export function toAddressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
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
