import { isErrorCode, NewsLineError } from "../contract/errors.ts";
import type { DeskQuestion } from "../contract/jobs.ts";
import type { DeskCommands } from "../queue/desk-commands.ts";
import { takeAnswer } from "../store/answers.ts";
import type { Edition } from "../store/keys.ts";

const RETRY_MS = 1_000;

/** Whom to ask, and where the answer is laid down. */
export interface Asking {
  edition: Edition;
  commands: DeskCommands;
}

/** A worker's answer, or why it has none. */
export async function ask({ edition, commands }: Asking, question: DeskQuestion): Promise<unknown> {
  const result = await commands.ask(question);
  if ("answer" in result) {
    const answer = await takeAnswer(edition, result.answer);
    if (answer === undefined) throw new NewsLineError("unavailable", { retryAfterMs: RETRY_MS });
    return answer;
  }
  if (!("refused" in result) || !isErrorCode(result.refused.code))
    throw new NewsLineError("internal", { cause: result });
  const { code, message } = result.refused;
  throw new NewsLineError(code, { ...(message !== undefined && { message }) });
}
