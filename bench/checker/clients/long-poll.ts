import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../harness/http-call.ts";
import { parseAnswer } from "./said.ts";
import type { FollowDoor, Talk } from "./talk.ts";

const WAIT_SECONDS = 10;
const REFUSED_MS = 1_000;

/** The loop of section 4 of docs/protocol.md. */
export const followByLongPoll: FollowDoor = async (talk) => {
  const agent = new Agent({ keepAlive: true });
  try {
    while (!talk.signal.aborted) await askOnce(talk, agent);
    return "left";
  } catch (error) {
    if (talk.signal.aborted) return "left";
    return error instanceof Error ? error.message : String(error);
  } finally {
    agent.destroy();
  }
};

async function askOnce(talk: Talk, agent: Agent): Promise<void> {
  const since = talk.ask();
  const cursor = since === undefined ? "" : `&since=${since}`;
  const path = `/v1/lines/${talk.line}/deltas?wait=${WAIT_SECONDS}&limit=${talk.limit}${cursor}`;
  const answer = await call(`http://127.0.0.1:${talk.port}${path}`, {
    agent,
    signal: talk.signal,
    timeoutMs: (WAIT_SECONDS + 10) * 1_000,
  });
  const said = parseAnswer(JSON.parse(answer.text));
  talk.hear(said);
  if (said.kind === "refused") {
    await sleep(Math.max(REFUSED_MS, said.retryAfterMs), undefined, { signal: talk.signal });
  }
}
