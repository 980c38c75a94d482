import { styleText } from "node:util";
import { z } from "zod";

const logLine = z.looseObject({
  level: z.string(),
  time: z.string(),
  process: z.string(),
  msg: z.string().default(""),
});

const STYLE: Record<string, Parameters<typeof styleText>[0]> = {
  warn: "yellow",
  error: "red",
  fatal: "red",
};

/** A log line as a person at a terminal wants it; what is no log line stays as it is. */
export function toReadableLine(text: string): string {
  const parsed = logLine.safeParse(parseJson(text));
  if (!parsed.success) return text;
  const { level, time, process: name, msg, ...fields } = parsed.data;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${toWord(key, value)}`);
  const head = `${time.slice(11, 19)} ${name.padEnd(10)} ${msg}`;
  const style = STYLE[level];
  const words = [style === undefined ? head : styleText(style, head)];
  if (rest.length > 0) words.push(styleText("dim", rest.join(" ")));
  return words.join(" ");
}

/** Of an error its message and where it was made; the rest is for the log of a server. */
function toWord(key: string, value: unknown): string {
  if (key !== "err" || typeof value !== "object" || value === null) {
    return typeof value === "string" ? value : JSON.stringify(value);
  }
  const stack = "stack" in value ? value.stack : undefined;
  return typeof stack === "string" ? stack.split("\n").slice(0, 3).join("") : JSON.stringify(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
