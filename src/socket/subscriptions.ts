import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { type ErrorBody, NewsLineError } from "../contract/errors.ts";
import { type Audience, toChannel } from "../contract/names.ts";
import { DEFAULT_LIMIT, PROTOCOL } from "../contract/protocol.ts";
import { subscribeRequest, unsubscribeRequest } from "../contract/socket.ts";
import type { Logger } from "../log.ts";
import type { Answer, LineView } from "../stream/line-view.ts";
import type { LineViews } from "../stream/line-views.ts";
import type { Broadcast } from "./broadcast.ts";
import { ReadyJson, SelfSent } from "./ready-json.ts";
import { sendShared, toSharedRest } from "./shared-answers.ts";
import type { LineSocket } from "./wire.ts";

/** How long a subscription waits for a gateway that is reading its lines. */
const READY_WAIT_MS = 5_000;
/** More lines than any page shows. */
const MOST_LINES = 64;

interface Subscriptions {
  views: LineViews;
  audience: Audience;
  log: Logger | undefined;
  onJoin: Broadcast["join"];
  /** Undefined: what was sent is little enough to be followed at once. */
  whenRead: (connection: LineSocket["conn"]) => Promise<void> | undefined;
}

interface Wanted {
  readonly line: string;
  readonly limit: number;
}

/** What one socket may ask: to follow lines, and to stop. */
export function handleSubscriptions(socket: LineSocket, options: Subscriptions): void {
  const { views, audience, log, onJoin, whenRead } = options;
  /** The last request for each line: an answer that had to wait joins only if nothing was asked since. */
  let wanted: readonly Wanted[] = [];
  const without = (line: string) => wanted.filter((one) => one.line !== line);

  async function subscribe(raw: unknown, ack: Ack): Promise<void> {
    const { line, since, limit = DEFAULT_LIMIT } = parseRequest(subscribeRequest, raw);
    // A page that was there before the gateway is: it is about to be answered, not refused.
    if (!views.isReady) await Promise.race([views.ready, sleep(READY_WAIT_MS)]);
    const others = without(line);
    if (others.length >= MOST_LINES) {
      throw new NewsLineError("too_many", { message: `A connection may follow ${MOST_LINES} lines.` });
    }
    views.find(audience, line);
    const room = toChannel(audience, line);
    const request = { line, limit };
    // Not a map: most follow one line, and there are very many of them.
    wanted = others.concat(request);
    // Subscribing again replaces: nothing more comes by the old one while the answer is on its way.
    void socket.leave(room);
    await views.answer({ audience, line, since, limit }, (answer, view) => {
      // SUB1: acknowledged and joined in one step, so that no delta comes before or between.
      ack(new SelfSent((start) => sendAnswer(socket, start, answer)));
      join(request, answer, view);
    });
  }

  function join(request: Wanted, { position }: Answer, view: LineView): void {
    // A socket that joins a room after it has gone would stay in it for good.
    if (!socket.connected || !wanted.includes(request)) return;
    const read = whenRead(socket.conn);
    if (read === undefined) {
      void socket.join(view.channel);
      onJoin(view.channel, socket.id, view.offset);
      return;
    }
    read
      .then(async () => await goOn(request, position))
      .catch((error: unknown) =>
        log?.error({ err: error }, "a reader of a large answer was not told what followed"),
      );
  }

  /** What happened while a large answer was read, as one delta; a client for which it is too much asks again. */
  async function goOn(request: Wanted, since: string): Promise<void> {
    if (!socket.connected || !wanted.includes(request)) return;
    const { line, limit } = request;
    await views.answer({ audience, line, since, limit }, (answer, view) => {
      if (!wanted.includes(request)) return;
      if (answer.kind === "snapshot") {
        wanted = without(line);
        socket.emit("reset", new ReadyJson(JSON.stringify({ line, reason: "behind" })));
        return;
      }
      if (answer.delta !== undefined) socket.emit("delta", new ReadyJson(answer.delta));
      join(request, answer, view);
    });
  }

  socket.on("subscribe", (raw, ack) => {
    // Without an ack there is no position to go on from, so nothing may be sent.
    if (!isAck(ack)) return;
    subscribe(raw, ack).catch((error: unknown) => ack(toRefusal(error, log)));
  });
  socket.on("unsubscribe", (raw, ack) => {
    const answer = isAck(ack) ? ack : () => undefined;
    const parsed = unsubscribeRequest.safeParse(raw);
    if (!parsed.success) return answer(toRefusal(toInvalid(parsed.error), log));
    wanted = without(parsed.data.line);
    void socket.leave(toChannel(audience, parsed.data.line));
    answer(new ReadyJson("{}"));
  });
}

type Ack = (answer: SelfSent | ReadyJson | ErrorBody) => void;

function sendAnswer(socket: LineSocket, start: string, answer: Answer): void {
  const head = `{"protocol":${PROTOCOL},"at":"${new Date().toISOString()}",`;
  sendShared(socket.conn, start + head, toSharedRest(answer));
}

function isAck(ack: unknown): ack is Ack {
  return typeof ack === "function";
}

function parseRequest<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw toInvalid(parsed.error);
  return parsed.data;
}

function toInvalid(error: z.ZodError): NewsLineError {
  const issue = error.issues[0];
  const field = issue?.path.join(".") ?? "";
  return new NewsLineError("invalid", {
    ...(field !== "" && { field }),
    message: `${field === "" ? "The request" : field}: ${issue?.message ?? "cannot be read"}.`,
  });
}

function toRefusal(error: unknown, log: Logger | undefined): ErrorBody {
  if (error instanceof NewsLineError) return error.toBody();
  log?.error({ err: error }, "a subscription failed");
  return new NewsLineError("internal").toBody();
}
