import express, { type Express, type Router } from "express";
import type { Logger } from "../log.ts";
import { handleErrors, handleUnknown } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { logRequests } from "./request-log.ts";
import { allowOrigins, setSecurityHeaders } from "./security.ts";

export interface AppOptions {
  log: Logger;
  limits: Limits;
  origins: readonly string[] | undefined;
  /** Whether the address is a proxy of ours. */
  isTrusted: (address: string) => boolean;
  /** What a supervisor asks: never limited. */
  health: readonly Router[];
  doors: readonly Router[];
}

/** Every request's way: id and log, headers, origin, limit, its door, and one place for what goes wrong. */
export function createApp({ log, limits, origins, isTrusted, health, doors }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", isTrusted);
  app.set("case sensitive routing", true);
  app.use(logRequests(log));
  app.use(setSecurityHeaders());
  for (const router of health) app.use(router);
  app.use(allowOrigins(origins));
  app.use(limits.requests);
  for (const door of doors) app.use(door);
  app.use(handleUnknown());
  app.use(handleErrors(log));
  return app;
}
