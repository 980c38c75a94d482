import { NewsLineError } from "../../src/contract/errors.ts";

const HEADER = /^(?<name>[A-Za-z][A-Za-z-]{1,40}):\s/u;
const CERTAIN =
  /^(?:received|mime-version|message-id|return-path|content-transfer-encoding|delivered-to|dkim-signature)$/u;
const COMMON = /^(?:from|to|cc|subject|date|content-type|reply-to)$/u;
const LINES = 40;

/**
 * Refuses an e-mail that was saved with its headers: they would be read as the story, and its body may be in pieces or
 * coded.
 */
export function refuseMail(text: string): void {
  if (!isMail(text)) return;
  throw new NewsLineError("unreadable", {
    message: "This is an e-mail with its headers. Send the text of its body, decoded, without them.",
  });
}

function isMail(text: string): boolean {
  const lines = text
    .slice(0, 8000)
    .trimStart()
    .split(/\r\n|\r|\n/u, LINES);
  const end = lines.findIndex((line) => line.trim() === "");
  const head = end === -1 ? lines : lines.slice(0, end);
  // A folded header goes on in a line with a blank in front.
  const isHead = head.every((line, at) => HEADER.test(line) || (at > 0 && /^[ \t]/u.test(line)));
  const names = head.flatMap((line) => HEADER.exec(line)?.groups?.["name"]?.toLowerCase() ?? []);
  const common = new Set(names.filter((name) => COMMON.test(name)));
  return isHead && (common.size >= 3 || (common.size > 0 && names.some((name) => CERTAIN.test(name))));
}
