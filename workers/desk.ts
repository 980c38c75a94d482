import { NewsLineError } from "../src/contract/errors.ts";
import type { DeskCommand, DeskJob, DeskQuestion, DeskResult } from "../src/contract/jobs.ts";
import { layDownAnswer } from "../src/store/answers.ts";
import { parseCommandResult } from "../src/store/apply.ts";
import type { Edition } from "../src/store/keys.ts";
import { applyAll, DeadlinePassed } from "./apply-all.ts";
import { type CommandDecision, decideCommand } from "./command.ts";
import { explainStored } from "./explain.ts";
import { readNewest } from "./newest.ts";
import { compareProfiles, explainDelivery, explainItem } from "./re-explain.ts";

/** How long the result of a command is kept for a repeat of it. */
const COMMAND_SECONDS = 86_400;

/** Carries out what an editor asked for. A repeat of the same command answers what the first one did. */
export async function handleDesk(edition: Edition, job: DeskJob): Promise<DeskResult> {
  if (isQuestion(job)) return await answer(edition, job);
  const done = await edition.redis.get(edition.keys.command(job.commandId));
  if (done !== null) return toReplay(done);
  try {
    return await carryOut(edition, job);
  } catch (error) {
    if (error instanceof DeadlinePassed) return { refused: { code: "not_stored" } };
    throw error;
  }
}

function isQuestion(job: DeskJob): job is DeskQuestion {
  return !("commandId" in job);
}

/** What cannot be answered is told to who asked; it is no failed job. */
async function answer(edition: Edition, question: DeskQuestion): Promise<DeskResult> {
  try {
    return { answer: await layDownAnswer(edition, await explainFor(edition, question)) };
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

async function explainFor(edition: Edition, question: DeskQuestion): Promise<unknown> {
  switch (question.command) {
    case "explain":
      return await explainStored(edition, question);
    case "compare":
      return await compareProfiles(edition, question.source, question.profile);
    case "explain-delivery":
      return await explainDelivery(edition, question.delivery);
    case "explain-item":
      return await explainItem(edition, question.id);
  }
}

function toReplay(done: string): DeskResult {
  const result = parseCommandResult(done);
  return { id: result.id, revision: result.revision, ...split(result.positions), replayed: true };
}

/** Channel → position, parted into what readers and what the desk may know. */
function split(
  positions: Record<string, string>,
): Record<"positions" | "deskPositions", Record<string, string>> {
  const of = (audience: string) =>
    Object.fromEntries(
      Object.entries(positions).flatMap(([channel, position]) =>
        channel.startsWith(audience) ? [[channel.slice(audience.length), position]] : [],
      ),
    );
  return { positions: of("public:"), deskPositions: of("desk:") };
}

async function carryOut(edition: Edition, job: DeskCommand): Promise<DeskResult> {
  const newestMs = job.command === "publish" ? await readNewest(edition, job.fields.lines) : undefined;
  let decision: CommandDecision = { kind: "unchanged" };
  let revision = 0;
  let result: DeskResult | undefined;
  await applyAll(edition, [
    {
      id: job.id,
      decide: (stored, nowMs) => {
        decision = decideCommand(stored?.record, job, { nowMs, newestMs });
        revision = stored?.record.revision ?? 0;
        if (decision.kind !== "put") return undefined;
        revision = decision.next.revision;
        const command = { id: job.commandId, seconds: COMMAND_SECONDS, deadline: job.deadline };
        const reason = "reason" in job && job.reason !== undefined ? { reason: job.reason } : {};
        const audit = { by: job.by, action: job.command, target: job.id, details: { revision, ...reason } };
        return {
          expected: stored?.write ?? 0,
          before: stored?.record,
          after: [decision.next],
          command,
          audit,
        };
      },
      onApplied: (applied) => {
        if (applied.kind === "done") {
          const { id, revision: known, positions } = applied.result;
          result = { id, revision: known, ...split(positions), replayed: true };
        } else {
          const positions = Object.fromEntries(
            applied.places.map(({ channel, epoch, offset }) => [channel, `${epoch}:${offset}`]),
          );
          result = { id: job.id, revision, ...split(positions) };
        }
      },
    },
  ]);
  return conclude(job, { decision, revision, result });
}

function conclude(
  job: DeskCommand,
  done: { decision: CommandDecision; revision: number; result: DeskResult | undefined },
): DeskResult {
  const { decision, revision, result } = done;
  if (decision.kind === "refused") {
    const { code, current } = decision;
    return { refused: { code, ...(current !== undefined && { current }) } };
  }
  if (result === undefined) return { id: job.id, revision, positions: {}, deskPositions: {} };
  return result;
}
