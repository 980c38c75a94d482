import { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import { tokenRequest } from "../contract/rest.ts";
import { appendAudit } from "../store/audit.ts";
import type { Edition } from "../store/keys.ts";
import { createToken, listTokens, revokeToken } from "../store/tokens.ts";
import type { Auth } from "./auth.ts";
import { readJson } from "./json-body.ts";
import { paramOf, parseAtDoor } from "./parse.ts";

export interface TokensOptions {
  edition: Edition;
  auth: Auth;
  /** With a fixed admin token nobody can lock themselves out. */
  hasFixedAdmin: boolean;
}

export function createTokensRouter({ edition, auth, hasFixedAdmin }: TokensOptions): Router {
  const router = Router();
  const admin = auth.require("admin");
  router.get("/v1/tokens", admin, async (_request, response) => {
    response.set("Cache-Control", "no-store").json({ tokens: await listTokens(edition) });
  });
  router.post("/v1/tokens", admin, readJson(), async (request, response) => {
    const { token, entry } = await createToken(edition, parseAtDoor(tokenRequest, request.body ?? {}));
    const { id, name, role } = entry;
    await appendAudit(edition, {
      by: auth.callerOf(request).name,
      action: "token-create",
      target: id,
      details: { name, role },
    });
    // The only time that its text is told.
    response
      .set("Cache-Control", "no-store")
      .status(201)
      .json({ token, ...entry });
  });
  router.delete("/v1/tokens/:id", admin, async (request, response) => {
    const id = paramOf(request, "id");
    await refuseLastAdmin(edition, id, hasFixedAdmin);
    await revokeToken(edition, id);
    auth.forget(id);
    await appendAudit(edition, { by: auth.callerOf(request).name, action: "token-revoke", target: id });
    response.status(204).end();
  });
  return router;
}

async function refuseLastAdmin(edition: Edition, id: string, hasFixedAdmin: boolean): Promise<void> {
  if (hasFixedAdmin) return;
  const admins = (await listTokens(edition)).filter((token) => token.role === "admin");
  if (admins.length === 1 && admins[0]?.id === id) {
    throw new NewsLineError("conflict", {
      message: "This is the last admin token. Create another one first, or nobody can create any.",
    });
  }
}
