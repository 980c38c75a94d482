import { Agent } from "node:http";
import { z } from "zod";
import { call } from "../harness/http-call.ts";
import { SocketIoSession } from "./socket-io-session.ts";
import { type FollowDoor, SILENT_MS, type Talk } from "./talk.ts";

/** Between the packets of one answer (Engine.IO 4). */
const SEPARATOR = "\x1e";
const opening = z.object({ sid: z.string() });

/** Socket.IO over HTTP long-polling. All requests go to one gateway, as sticky routing would have it. */
export const followByPolling: FollowDoor = async (talk) => {
  const agent = new Agent({ keepAlive: true });
  try {
    return await poll(talk, agent);
  } catch (error) {
    if (talk.signal.aborted) return "left";
    return error instanceof Error ? error.message : String(error);
  } finally {
    agent.destroy();
  }
};

async function poll(talk: Talk, agent: Agent): Promise<string> {
  const ended = new AbortController();
  const signal = AbortSignal.any([talk.signal, ended.signal]);
  const base = `http://127.0.0.1:${talk.port}/socket.io/?EIO=4&transport=polling`;
  const ask = async (url: string, body?: string): Promise<string> => {
    const question = { signal, agent, timeoutMs: SILENT_MS };
    const headers = { "Content-Type": "text/plain;charset=UTF-8" };
    const more = body === undefined ? {} : { method: "POST", body, headers };
    const answer = await call(url, { ...question, ...more });
    if (answer.status !== 200) throw new Error(`a poll was answered with ${answer.status}`);
    return answer.text;
  };
  const first = await ask(base);
  const { sid } = opening.parse(JSON.parse(first.slice(1)));
  const url = `${base}&sid=${encodeURIComponent(sid)}`;
  let why = "closed";
  const end = (reason: string) => {
    if (!ended.signal.aborted) why = reason;
    ended.abort();
  };
  // One post at a time, in order.
  let posting: Promise<unknown> = Promise.resolve();
  const send = (packet: string) => {
    posting = posting.then(() => ask(url, packet)).catch(() => end("a post failed"));
  };
  const session = new SocketIoSession(talk, { send, end });
  try {
    session.take(first);
    while (!ended.signal.aborted) {
      for (const packet of (await ask(url)).split(SEPARATOR)) {
        if (!ended.signal.aborted) session.take(packet);
      }
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    session.close();
    end(why);
    await posting;
  }
  return why;
}
