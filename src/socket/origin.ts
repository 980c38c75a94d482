import type { IncomingMessage } from "node:http";
import type { Audience } from "../contract/names.ts";

export type AllowOrigin = (request: IncomingMessage, audience: Audience) => boolean;

/**
 * Who may connect from a page. Browsers do not keep pages from opening WebSockets elsewhere, so the server has to
 * look. No list: any page may follow public lines, and only our own the desk's. Programs send no Origin.
 */
export function createOriginCheck(origins: readonly string[] | undefined): AllowOrigin {
  return ({ headers }, audience) => {
    const { origin, host } = headers;
    if (origin === undefined || origins?.includes(origin) === true) return true;
    if (URL.canParse(origin) && new URL(origin).host === host) return true;
    return audience === "public" && origins === undefined;
  };
}
