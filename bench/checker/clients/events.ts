import { get, type IncomingMessage } from "node:http";
import { parseAnswer, parseEvent } from "./said.ts";
import { type FollowDoor, SILENT_MS, type Talk } from "./talk.ts";

/** Server-sent events, the stream read by hand. */
export const followByEvents: FollowDoor = (talk) =>
  new Promise((resolve) => {
    const since = talk.ask();
    const url = `http://127.0.0.1:${talk.port}/v1/lines/${talk.line}/events?limit=${talk.limit}`;
    const headers = since === undefined ? {} : { "Last-Event-ID": since };
    let isOver = false;
    const request = get(url, { headers, agent: false });
    const end = (why: string) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(silence);
      talk.signal.removeEventListener("abort", leave);
      request.destroy();
      resolve(why);
    };
    const silence = setTimeout(() => end("silent"), SILENT_MS);
    const leave = () => end("left");
    talk.signal.addEventListener("abort", leave);
    request.on("error", (error) => end(error.message));
    request.once("response", (response) => {
      response.setEncoding("utf8");
      response.on("error", (error) => end(error.message));
      response.once("close", () => end("closed"));
      const handle =
        response.statusCode === 200 ? toStreamReader(talk, end) : toErrorReader(talk, response, end);
      response.on("data", (chunk: string) => {
        silence.refresh();
        if (!isOver) handle(chunk);
      });
    });
    if (talk.signal.aborted) leave();
  });

function toErrorReader(talk: Talk, response: IncomingMessage, end: (why: string) => void) {
  let text = "";
  response.once("end", () => {
    talk.hear(parseAnswer(JSON.parse(text)));
    end(`refused with ${response.statusCode}`);
  });
  return (chunk: string) => {
    text += chunk;
  };
}

/** Events end with an empty line; a chunk may end anywhere. */
function toStreamReader(talk: Talk, end: (why: string) => void) {
  let rest = "";
  let isOver = false;
  return (chunk: string) => {
    const blocks = `${rest}${chunk}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (isOver) return;
      if (takeBlock(talk, block)) continue;
      isOver = true;
      end("something is missing");
    }
  };
}

function takeBlock(talk: Talk, block: string): boolean {
  const fields = new Map(
    block.split("\n").map((row) => {
      const colon = row.indexOf(": ");
      return [row.slice(0, colon), row.slice(colon + 2)] as const;
    }),
  );
  const [name, data] = [fields.get("event"), fields.get("data")];
  if (name === undefined || data === undefined) return true;
  const said = parseEvent(name, JSON.parse(data));
  return said === undefined || talk.hear(said);
}
