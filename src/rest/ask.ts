import { isErrorCode, NewsLineError } from "../contract/errors.ts";
import type { DeskQuestion } from "../contract/jobs.ts";
import type { DeskCommands } from "../queue/desk-commands.ts";

/** A worker's answer, or why it has none. */
export async function ask(commands: DeskCommands, question: DeskQuestion): Promise<unknown> {
  const result = await commands.ask(question);
  if ("explanation" in result) return result.explanation;
  if (!("refused" in result) || !isErrorCode(result.refused.code))
    throw new NewsLineError("internal", { cause: result });
  const { code, message } = result.refused;
  throw new NewsLineError(code, { ...(message !== undefined && { message }) });
}
