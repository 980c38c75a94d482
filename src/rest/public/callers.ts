import type { Request, Response } from "express";
import { NewsLineError } from "../../contract/errors.ts";
import type { Audience } from "../../contract/names.ts";
import { ROLES } from "../../contract/rest.ts";
import type { Identity } from "../../store/tokens.ts";

/** Who calls; undefined without a token. */
export type Identify = (request: Request) => Promise<Identity | undefined>;

const EDITOR = ROLES.indexOf("editor");

/** Whose projection the caller gets: the desk's with an editor's token, else the readers'. */
export async function readAudience(request: Request, identify: Identify): Promise<Audience> {
  const caller = await identify(request);
  return caller !== undefined && ROLES.indexOf(caller.role) >= EDITOR ? "desk" : "public";
}

/** For doors where the desk's channel is asked for by name. */
export async function checkAudience(request: Request, wanted: Audience, identify: Identify): Promise<void> {
  if (wanted === "public") return;
  const caller = await identify(request);
  if (caller === undefined) throw new NewsLineError("unauthorized");
  if (ROLES.indexOf(caller.role) < EDITOR) throw new NewsLineError("forbidden");
}

/**
 * Shared caches keep what is public for a second at most, so that a kill is not outlived by a copy (KIL4); what the
 * desk sees is kept nowhere.
 */
export function setCaching(response: Response, audience: Audience): void {
  response.vary("Authorization");
  response.set("Cache-Control", audience === "desk" ? "no-store" : "public, max-age=0, s-maxage=1");
}
