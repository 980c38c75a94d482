import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { ROLES } from "../contract/rest.ts";
import type { Identity } from "../store/tokens.ts";
import type { LineViews } from "../stream/line-views.ts";
import { sayGoodbye } from "./goodbye.ts";
import type { AllowOrigin } from "./origin.ts";
import type { LineServer, LineSocket } from "./wire.ts";

export type Authenticate = (token: string) => Promise<Identity | undefined>;

/** A token may end while the word of it is lost: each socket's is looked at again this often. */
const RECHECK_MS = 60_000;

const credentials = z.object({ token: z.string().min(1).max(256) });

interface DeskDoor {
  views: LineViews;
  authenticate: Authenticate;
  allowOrigin: AllowOrigin;
}

/** Lets in editors only, and lets them go when their token ends. Gives back what stops it. */
export function guardDesk(namespace: ReturnType<LineServer["of"]>, door: DeskDoor): () => void {
  namespace.use((socket, next) => {
    void letIn(socket, door, next);
  });
  const stopListening = door.views.onMessage((message) => {
    if (message.type !== "token-revoked") return;
    for (const socket of namespace.sockets.values()) {
      if (socket.data.caller?.id === message.id) sayGoodbye(socket, "revoked");
    }
  });
  const recheck = setInterval(() => {
    for (const socket of namespace.sockets.values()) void lookAgain(socket, door.authenticate);
  }, RECHECK_MS);
  return () => {
    stopListening();
    clearInterval(recheck);
  };
}

async function letIn(socket: LineSocket, door: DeskDoor, next: (error?: Error) => void): Promise<void> {
  try {
    await admit(socket, door);
  } catch (error) {
    next(toConnectError(error));
    return;
  }
  next();
}

async function admit(socket: LineSocket, { authenticate, allowOrigin }: DeskDoor): Promise<void> {
  if (!allowOrigin(socket.request, "desk")) throw new NewsLineError("origin_refused");
  const given = credentials.safeParse(socket.handshake.auth);
  const caller = given.success ? await authenticate(given.data.token) : undefined;
  if (!given.success || caller === undefined) {
    throw new NewsLineError("unauthorized", { message: "Send a token as auth: { token }." });
  }
  if (ROLES.indexOf(caller.role) < ROLES.indexOf("editor")) throw new NewsLineError("forbidden");
  socket.data.caller = caller;
  socket.data.token = given.data.token;
}

async function lookAgain(socket: LineSocket, authenticate: Authenticate): Promise<void> {
  const { token } = socket.data;
  try {
    if (token !== undefined && (await authenticate(token)) === undefined) sayGoodbye(socket, "revoked");
  } catch {
    // The store is away: nobody loses the screen for that. The next look tells.
  }
}

/** What a client's `connect_error` gets: `data` is the body that REST would answer. */
function toConnectError(error: unknown): Error {
  const known = error instanceof NewsLineError ? error : new NewsLineError("unavailable", { cause: error });
  return Object.assign(new Error(known.message), { data: known.toBody() });
}
