import { type Response, Router } from "express";
import { toChannel } from "../../contract/names.ts";
import { deltasQuery } from "../../contract/rest.ts";
import { spread } from "../../spread.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf, parseAtDoor } from "../parse.ts";
import { checkAudience, type Identify } from "./callers.ts";
import { toMemberBytes } from "./ready-bodies.ts";
import { RecentMost } from "./recent-most.ts";

export interface LongPolls {
  router: Router;
  /** By line: the most that asked at once, and were ready to wait, during the last seconds. */
  readers(): Map<string, number>;
  /** Answers everybody who waits, spread over the time; from now on nobody is kept waiting. */
  drain(spreadMs: number): Promise<void>;
  /** The same at once. */
  close(): void;
}

/** Following a line by asking again and again; a question may wait for the next change. */
export function createLongPolls({ views, identify }: { views: LineViews; identify: Identify }): LongPolls {
  const router = Router();
  const waiting = new Set<AbortController>();
  const readers = new Map<string, RecentMost>();
  let isClosed = false;

  router.get("/v1/lines/:line/deltas", async (request, response) => {
    const line = paramOf(request, "line");
    const { since, wait, limit, channel: audience } = parseAtDoor(deltasQuery, request.query);
    await checkAudience(request, audience, identify);
    response.set("Cache-Control", "no-store");
    if (wait > 0 && audience === "public") countIn(line, response);
    if (wait > 0 && !isClosed && since === views.find(audience, line).position) {
      const end = new AbortController();
      const onClose = () => end.abort();
      response.once("close", onClose);
      waiting.add(end);
      const channel = toChannel(audience, line);
      await views.whenPast(channel, since, { timeoutMs: wait * 1_000, signal: end.signal });
      waiting.delete(end);
      response.off("close", onClose);
      // The client has gone; there is nobody to answer.
      if (response.closed) return;
    }
    await views.answer({ audience, line, since, limit }, (answer) => {
      // Not `send`, which would hash the whole of it for an ETag that nobody may use.
      const members = toMemberBytes(answer);
      response.type("json").set("Content-Length", String(members.length + 2));
      response.write("{");
      response.write(members);
      response.end("}");
    });
  });

  /** One that does not want to wait may be a script that looks once: it is no reader. */
  function countIn(line: string, response: Response): void {
    const most = readers.get(line) ?? new RecentMost();
    // A line that there is not has no readers, however often it is asked for.
    views.find("public", line);
    readers.set(line, most);
    response.once("close", most.enter());
  }

  async function drain(spreadMs: number): Promise<void> {
    isClosed = true;
    await spread([...waiting], spreadMs, (end) => end.abort());
  }

  return {
    router,
    readers: () => new Map([...readers].map(([line, most]) => [line, most.count()])),
    drain,
    close: () => void drain(0),
  };
}
