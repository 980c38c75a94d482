import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Absence, Ledger, Secret } from "../ledger.ts";
import type { Chance } from "./chance.ts";
import { type Command, commandAnswer, type Desk, type DeskAnswer } from "./desk.ts";
import { type Story, toBody, toFresh, toHeadline } from "./story.ts";
import { Wire } from "./wire.ts";

export interface WorkloadOptions {
  desk: Desk;
  ledger: Ledger;
  chance: Chance;
  lines: readonly string[];
  /** Changes a second. */
  rate: number;
  /** How long embargoes last and items live at most. */
  longestDueMs: number;
}

/** How often each thing is done, beside the others, when the lines are of a good length. */
const ACTIONS = {
  publish: 20,
  publishLate: 6,
  embargo: 6,
  expire: 4,
  wire: 14,
  revise: 20,
  correct: 8,
  kill: 9,
  hold: 7,
  reviseHeld: 4,
  release: 8,
  embargoPublic: 3,
  pin: 3,
  move: 3,
  wireAgain: 8,
  wireKill: 4,
  wireRevive: 4,
  restore: 3,
} as const;
type Action = keyof typeof ACTIONS;

const revisionOnly = z.object({ revision: z.number() });
const MOST_AT_ONCE = 24;
const STILL_SEALED_MS = 500;
/** After its moment a release or an expiry has been carried out. */
const DUE_MS = 3_000;
/** Items of a line: enough for windows to overflow, few enough for many clients to hold all. */
const GOOD_LENGTH = 70;

/** What an editorial office does all day, at a pace, through the real doors; every answer is noted. */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #stories: Story[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #wire: Wire;
  #marks = 0;
  /** When the last embargo ends or the last item expires by itself. */
  #lastDueMs = 0;
  #isStopping = false;
  #pacing: Promise<void> = Promise.resolve();
  /** How often each action was done, and what was refused. */
  readonly done: Record<string, number> = {};
  readonly refused: Record<string, number> = {};
  unclear = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#wire = new Wire({
      ...options,
      nextMark: () => this.#nextMark(),
      stories: this.#stories,
      note: (what) => this.#note(what),
    });
  }

  /** Makes the lines and puts something on them. */
  async prepare(itemsEach: number): Promise<void> {
    const { lines, desk } = this.#options;
    for (const line of lines) await desk.command({ method: "PUT", path: `/v1/lines/${line}` });
    await this.#wire.prepare();
    for (let n = 0; n < itemsEach; n += 1) {
      await Promise.all(lines.map((line) => this.#publish({ lines: [line] })));
    }
  }

  start(): void {
    this.#pacing = this.#pace();
  }

  /** Lets what is under way come to its end, and what is due happen. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#pacing;
    await Promise.all(this.#running);
    await sleep(Math.max(0, this.#lastDueMs + DUE_MS - Date.now()));
  }

  #noteDue(timeMs: number): void {
    this.#lastDueMs = Math.max(this.#lastDueMs, timeMs);
  }

  /** Texts that readers must not see just now, nor in the next moment: who is told of one may be slow to use it. */
  get sealed(): { line: string; id: string; revision: number; mark: string }[] {
    return this.#stories.flatMap(({ id, revision, lines, state, sealed }) => {
      const secret = sealed.at(-1);
      if (secret === undefined || (state !== "held" && state !== "embargoed")) return [];
      const isOver = secret.untilMs !== undefined && secret.untilMs < Date.now() + STILL_SEALED_MS;
      return isOver ? [] : lines.map((line) => ({ line, id, revision, mark: secret.mark }));
    });
  }

  async #pace(): Promise<void> {
    const { chance, rate } = this.#options;
    while (!this.#isStopping) {
      await sleep((-Math.log(1 - chance.next()) * 1_000) / rate);
      if (this.#running.size >= MOST_AT_ONCE) continue;
      const action = chance.weigh(this.#toWeights());
      const running = this.#do(action).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** Lines that are too long get fewer new items, and lose more. */
  #toWeights(): Record<Action, number> {
    const { lines } = this.#options;
    const there = this.#stories.filter(({ state }) => state === "public").length;
    const isLong = there > GOOD_LENGTH * lines.length;
    if (!isLong) return { ...ACTIONS };
    return { ...ACTIONS, publish: 4, publishLate: 2, wire: 3, kill: 25, wireKill: 10 };
  }

  async #do(action: Action): Promise<void> {
    const { chance, longestDueMs } = this.#options;
    switch (action) {
      case "publish":
        return await this.#publish({});
      case "publishLate":
        return await this.#publish({ versionCreated: toTime(-chance.between(60_000, 7_200_000)) });
      case "embargo":
        return await this.#publish({ embargoedUntil: toTime(chance.between(1_000, longestDueMs)) });
      case "expire":
        return await this.#publish({ expires: toTime(chance.between(1_000, longestDueMs)) });
      case "wire":
        return await this.#wire.sendNew();
      case "wireAgain":
        return await this.#wire.sendAgain();
      case "wireKill":
        return await this.#wire.kill();
      case "wireRevive":
        return await this.#wire.revive();
      default:
        return await this.#withStory(action);
    }
  }

  /** A story that nobody works on and that the action fits. */
  async #withStory(action: Action): Promise<void> {
    const free = this.#stories.filter((one) => !one.isBusy && isFitFor(action, one));
    const story = this.#options.chance.pick(free);
    if (story === undefined) return;
    story.isBusy = true;
    try {
      await this.#change(action, story);
    } finally {
      story.isBusy = false;
    }
  }

  async #change(action: Action, story: Story): Promise<void> {
    const { chance, lines, longestDueMs } = this.#options;
    switch (action) {
      case "revise":
        return await this.#revise(story, {});
      case "reviseHeld":
        return await this.#revise(story, {}, { isSecret: true });
      case "correct":
        return await this.#revise(story, { change: "correction", correctionNote: "A name was wrong." });
      case "embargoPublic":
        return await this.#embargo(story, chance.between(1_000, longestDueMs));
      case "move":
        return await this.#move(story, [chance.pick(lines) ?? "main"]);
      case "pin":
        await this.#act(story, { path: "pin" });
        return;
      case "kill":
        return await this.#kill(story);
      case "hold":
        return await this.#hold(story);
      case "release":
      case "restore":
        return await this.#release(story);
      default:
        throw new Error(`${action} is done to no story`);
    }
  }

  #nextMark(): { number: number; mark: string } {
    this.#marks += 1;
    return { number: this.#marks, mark: `w${this.#marks}` };
  }

  #note(what: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
  }

  async #publish(fields: {
    lines?: string[];
    embargoedUntil?: string;
    expires?: string;
    versionCreated?: string;
  }) {
    const { chance, ledger } = this.#options;
    const { number, mark } = this.#nextMark();
    const lines = fields.lines ?? this.#pickLines();
    const untilMs = fields.embargoedUntil === undefined ? undefined : Date.parse(fields.embargoedUntil);
    const secret: Secret | undefined = untilMs === undefined ? undefined : { mark, untilMs };
    if (secret !== undefined) ledger.secrets.push(secret);
    const body = {
      headline: toHeadline(number, mark),
      body: toBody(number, mark),
      urgency: chance.whole(1, 8),
      ...fields,
      lines,
    };
    const answer = await this.#send({ path: "/v1/items", body }, mark);
    if (answer === undefined) return;
    const { id, revision, answeredMs } = answer;
    const story: Story = { id, revision, lines, state: "public", ...toFresh() };
    this.#stories.push(story);
    this.#note("published");
    if (untilMs !== undefined && secret !== undefined) {
      this.#sealUntil(story, secret, { answeredMs, untilMs });
    }
    if (fields.expires !== undefined) {
      // Nobody touches it: whether it is still there would be a matter of milliseconds.
      story.state = "gone";
      this.#noteDue(Date.parse(fields.expires));
    }
  }

  #pickLines(): string[] {
    const { chance, lines } = this.#options;
    const first = chance.pick(lines) ?? "main";
    const second = chance.isLucky(0.15) ? chance.pick(lines) : undefined;
    return [...new Set([first, second ?? first])];
  }

  /** Nobody works on it until the embargo has ended for certain. */
  #sealUntil(story: Story, secret: Secret, { answeredMs, untilMs }: { answeredMs: number; untilMs: number }) {
    const { ledger } = this.#options;
    const rest = Math.max(0, untilMs - Date.now()) + DUE_MS;
    if (answeredMs < untilMs)
      ledger.absences.push({ id: story.id, why: "embargoed", sinceMs: answeredMs, untilMs });
    story.state = "embargoed";
    story.sealed.push(secret);
    this.#note("embargoed");
    this.#noteDue(untilMs);
    setTimeout(() => {
      story.state = "public";
      story.sealed = [];
    }, rest).unref();
  }

  async #revise(story: Story, fields: object, { isSecret = false } = {}): Promise<void> {
    const { number, mark } = this.#nextMark();
    const secret: Secret = { mark };
    if (isSecret) {
      this.#options.ledger.secrets.push(secret);
      story.sealed.push(secret);
    }
    const body = { headline: toHeadline(number, mark), body: toBody(number, mark), ...fields };
    await this.#put(story, body, mark);
  }

  async #move(story: Story, lines: readonly string[]): Promise<void> {
    await this.#revise(story, { lines });
    story.lines = lines;
  }

  async #embargo(story: Story, ms: number): Promise<void> {
    const { number, mark } = this.#nextMark();
    const embargoedUntil = toTime(ms);
    const untilMs = Date.parse(embargoedUntil);
    const secret: Secret = { mark, untilMs };
    this.#options.ledger.secrets.push(secret);
    const answer = await this.#put(story, { headline: toHeadline(number, mark), embargoedUntil }, mark);
    if (answer !== undefined) this.#sealUntil(story, secret, { answeredMs: answer.answeredMs, untilMs });
  }

  async #put(story: Story, body: object, mark: string) {
    const path = `/v1/items/${story.id}`;
    const answer = await this.#send({ method: "PUT", path, body, ifMatch: story.revision }, mark, story);
    if (answer !== undefined) this.#note("changed");
    return answer;
  }

  async #act(story: Story, { path, body }: { path: string; body?: object }) {
    const command = { path: `/v1/items/${story.id}/${path}`, ...(body !== undefined && { body }) };
    const answer = await this.#send(command, `${path} of ${story.id}`, story);
    if (answer !== undefined) this.#note(path);
    return answer;
  }

  async #kill(story: Story): Promise<void> {
    const answer = await this.#act(story, { path: "kill", body: { reason: "It was not so." } });
    if (answer === undefined) return;
    story.state = "killed";
    this.#options.ledger.absences.push({ id: story.id, why: "killed", sinceMs: answer.answeredMs });
    // The wire does not know, and sends it again.
    if (story.guid !== undefined) await this.#wire.insistOn(story);
  }

  async #hold(story: Story): Promise<void> {
    const answer = await this.#act(story, { path: "hold", body: { reason: "It is being checked." } });
    if (answer === undefined) return;
    story.state = "held";
    this.#options.ledger.absences.push({ id: story.id, why: "held", sinceMs: answer.answeredMs });
  }

  /** From the moment that it is asked for, everything may be seen. */
  async #release(story: Story): Promise<void> {
    const nowMs = Date.now();
    for (const secret of story.sealed) secret.untilMs = nowMs;
    for (const absence of this.#openAbsences(story)) absence.untilMs = nowMs;
    const answer = await this.#act(story, { path: "release" });
    if (answer === undefined) return;
    story.state = "public";
    if (story.isRevived) this.#note("restored");
    story.isRevived = false;
    story.sealed = [];
  }

  #openAbsences({ id }: Story): Absence[] {
    return this.#options.ledger.absences.filter((one) => one.id === id && one.untilMs === undefined);
  }

  /** Sends a command until it is clear what became of it. Undefined: it had no effect, or it is not known. */
  async #send(command: Command, mark: string, story?: Story) {
    const answer = await this.#options.desk.command(command);
    if (answer === undefined) {
      this.unclear += 1;
      if (story !== undefined) story.state = "gone";
      return undefined;
    }
    if (answer.status >= 300) {
      const what = `${command.method ?? "POST"} ${answer.status}`;
      this.refused[what] = (this.refused[what] ?? 0) + 1;
      if (story !== undefined) await this.#lookAgain(story, answer.status);
      return undefined;
    }
    return this.#noteWrite(answer, mark, story);
  }

  /** The end of an embargo is a revision that nobody was told of. */
  async #lookAgain(story: Story, refusal: number): Promise<void> {
    const read = refusal === 409 ? await this.#options.desk.read(`/v1/items/${story.id}`) : undefined;
    const now = revisionOnly.safeParse(read?.body);
    if (now.success) story.revision = now.data.revision;
    else story.state = "gone";
  }

  #noteWrite({ body, askedMs, answeredMs }: DeskAnswer, mark: string, story: Story | undefined) {
    const { item, positions } = commandAnswer.parse(body);
    const { id, revision } = item;
    this.#options.ledger.writes.push({ mark, id, revision, askedMs, answeredMs, positions });
    if (story !== undefined) story.revision = revision;
    return { id, revision, answeredMs };
  }
}

function isFitFor(action: Action, { state, isRevived }: Story): boolean {
  if (action === "restore") return state === "killed" && isRevived;
  return state === (action === "release" || action === "reviseHeld" ? "held" : "public");
}

function toTime(fromNowMs: number): string {
  return new Date(Date.now() + fromNowMs).toISOString();
}
