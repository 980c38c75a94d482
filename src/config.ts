import { createHash, randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { wrongSetting } from "./config-error.ts";
import { parseRedisUrl, type RedisTarget } from "./redis/target.ts";

/**
 * Every setting of the product, in the order of docs/operations.md. Read once, at the start of a process; a
 * wrong one stops it with a sentence that names it.
 */
export interface Config {
  port: number;
  host: string;
  /** undefined = the private Redis of `dataDir`; `resolveRedis` finds it. */
  redis: RedisTarget | undefined;
  /** Absolute. */
  dataDir: string;
  edition: string;
  /**
   * This gateway's name among all that serve the edition: sessions of Socket.IO begin with it, so that a proxy can
   * send each request to where its session lives.
   */
  gateway: string;
  /** `shared`: readers' WebSockets get what is public compressed, once for all of them. */
  compression: Compression;
  /** How long a gateway that is asked to end says that it is not ready before it sends anybody away. */
  drainWaitMs: number;
  /** Over how long it then spreads that. */
  drainSpreadMs: number;
  adminToken: string | undefined;
  /** undefined = any origin for the public door, the same origin for the desk. */
  origins: readonly string[] | undefined;
  /** Addresses, CIDR ranges and Express's names for them. */
  trustProxy: readonly string[];
  /** Absolute. */
  wireDir: string;
  /** CIDR ranges. */
  fetchAllow: readonly string[];
  /** Where hubs on the outside find a gateway; no slash at the end. undefined = nothing is subscribed to. */
  publicUrl: string | undefined;
  /** Where the command line finds the server; no slash at the end. */
  url: string;
  /** undefined = `<dataDir>/admin-token`. */
  token: string | undefined;
  logLevel: LogLevel;
}

export const COMPRESSIONS = ["off", "shared"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** With the random part of a session's id behind it, it is still short. */
export const GATEWAY_NAME = /^[A-Za-z0-9_-]{1,48}$/;

const PROXY_NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);

const rawSettings = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a number from 0 to 65535")
    .default(3000),
  HOST: z
    .string()
    .regex(/^[^\s/]+$/, "must be a host name or an address")
    .default("127.0.0.1"),
  REDIS_URL: z.string().optional(),
  NEWSLINE_DATA: z.string().default("./data"),
  NEWSLINE_EDITION: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must match [a-z0-9][a-z0-9-]{0,31}")
    .default("main"),
  NEWSLINE_GATEWAY: z.string().regex(GATEWAY_NAME, "must match [A-Za-z0-9_-]{1,48}").optional(),
  NEWSLINE_COMPRESSION: z.enum(COMPRESSIONS, `must be one of ${COMPRESSIONS.join(", ")}`).default("shared"),
  NEWSLINE_DRAIN_WAIT: seconds(1),
  NEWSLINE_DRAIN_SPREAD: seconds(1),
  NEWSLINE_ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, "must be 1 to 256 visible ASCII characters without blanks")
    .optional(),
  NEWSLINE_ORIGINS: listOf(toOrigin, "is no origin such as https://news.example").optional(),
  NEWSLINE_TRUST_PROXY: listOf(
    (entry) => (PROXY_NAMES.has(entry) ? entry : toRange(entry)),
    "is no address, CIDR range, loopback, linklocal or uniquelocal",
  ).default([]),
  NEWSLINE_WIRE_DIR: z.string().optional(),
  NEWSLINE_FETCH_ALLOW: listOf(toRange, "is no address or CIDR range").default([]),
  NEWSLINE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  NEWSLINE_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  NEWSLINE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "must be visible ASCII characters without blanks")
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
});

export function readConfig(env: NodeJS.ProcessEnv): Config {
  // A compose file hands over `NAME=` for what was left empty.
  const given = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()])
      .filter(([, value]) => value !== ""),
  );
  const parsed = rawSettings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrongSetting(String(issue?.path[0] ?? "A setting"), issue?.message ?? "it cannot be read");
  }
  return toConfig(parsed.data);
}

function toConfig(raw: z.infer<typeof rawSettings>): Config {
  const dataDir = resolve(raw.NEWSLINE_DATA);
  return {
    port: raw.PORT,
    host: raw.HOST,
    redis: raw.REDIS_URL === undefined ? undefined : parseRedisUrl(raw.REDIS_URL),
    dataDir,
    edition: raw.NEWSLINE_EDITION,
    gateway: raw.NEWSLINE_GATEWAY ?? toGatewayName(raw.PORT),
    compression: raw.NEWSLINE_COMPRESSION,
    drainWaitMs: raw.NEWSLINE_DRAIN_WAIT * 1_000,
    drainSpreadMs: raw.NEWSLINE_DRAIN_SPREAD * 1_000,
    adminToken: raw.NEWSLINE_ADMIN_TOKEN,
    origins: raw.NEWSLINE_ORIGINS,
    trustProxy: raw.NEWSLINE_TRUST_PROXY,
    wireDir: raw.NEWSLINE_WIRE_DIR === undefined ? join(dataDir, "wire") : resolve(raw.NEWSLINE_WIRE_DIR),
    fetchAllow: raw.NEWSLINE_FETCH_ALLOW,
    publicUrl: raw.NEWSLINE_PUBLIC_URL,
    url: raw.NEWSLINE_URL ?? toUrl(raw.HOST, raw.PORT),
    // With a fixed admin token there is no token file to read.
    token: raw.NEWSLINE_TOKEN ?? raw.NEWSLINE_ADMIN_TOKEN,
    logLevel: raw.LOG_LEVEL,
  };
}

/** The same after every restart; a hash, since clients see it and need not learn what our machines are called. */
function toGatewayName(port: number): string {
  const place = port === 0 ? randomUUID() : `${hostname()}:${port}`;
  return `g${createHash("sha256").update(place).digest("hex").slice(0, 8)}`;
}

/** The address to type for a server that listens on `host`: a wildcard is no address to call. */
export function toUrl(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

function seconds(usual: number) {
  const wrong = "must be a number of seconds from 0 to 600";
  return z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3})?$/, wrong)
    .transform(Number)
    .refine((number) => number <= 600, wrong)
    .default(usual);
}

function listOf(toEntry: (text: string) => string | undefined, wrong: string) {
  return z.string().transform((text, context) => {
    const entries: string[] = [];
    for (const part of text.split(",").map((one) => one.trim())) {
      if (part === "") continue;
      const entry = toEntry(part);
      if (entry === undefined) context.addIssue({ code: "custom", message: `"${part}" ${wrong}` });
      else entries.push(entry);
    }
    return entries;
  });
}

function toOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOrigin = url.origin !== "null" && url.href === `${url.origin}/` && /^https?:$/.test(url.protocol);
  return isOrigin ? url.origin : undefined;
}

/** One address is the range that holds only itself. */
function toRange(text: string): string | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  if (bits === undefined) return `${address}/${most}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? text : undefined;
}
