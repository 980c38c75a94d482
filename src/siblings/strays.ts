import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { readHome } from "../socket/sessions.ts";
import type { LineServer } from "../socket/wire.ts";
import type { Siblings } from "./siblings.ts";

/** They are about one connection, and ours to the sibling is another. */
const HOP_HEADERS = ["connection", "keep-alive", "transfer-encoding"];

/**
 * A session over long polling lives in one gateway, while its requests come over connections that are dealt to any.
 * A poll is passed on to the session's home and its answer back; an upgrade moves there with its connection, so that
 * nothing of a WebSocket passes through a gateway that is not its own.
 */
export function passStraysOn(io: LineServer, siblings: Siblings): void {
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const home = readHome(request);
    const path = home === undefined || home === siblings.own ? undefined : siblings.pathOf(home);
    if (home === undefined || path === undefined) next();
    else if (request.headers.upgrade === undefined) passOn(request, response, { path, onFailure: next });
    // A client says nothing on a WebSocket before it is open, so there is nothing else to hand over.
    else siblings.handOver(home, request);
  });
}

/** A home that is gone took its sessions with it: Engine.IO then says so as it always does. */
function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { path, onFailure }: { path: string; onFailure: () => void },
): void {
  const { method, url } = request;
  // A connection for this request alone, since of a kept one nobody knows whether the sibling still has it; and one
  // that we close, since a sibling that closes first would cut off the end of what we write.
  const headers = { ...withoutHops(request.headers), connection: "keep-alive" };
  const asked = { socketPath: path, method, path: url, headers, agent: false };
  const onward = httpRequest(asked, (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
    answer.pipe(response);
  });
  onward.once("error", () => {
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) onFailure();
  });
  // A poll that its client gives up must end at home as well.
  response.once("close", () => onward.destroy());
  request.pipe(onward);
}

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)));
}
