import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Ledger, Secret } from "../ledger.ts";
import type { Chance } from "./chance.ts";
import type { Desk } from "./desk.ts";
import { type Story, toBody, toFresh, toHeadline } from "./story.ts";

interface WireOptions {
  desk: Desk;
  ledger: Ledger;
  chance: Chance;
  lines: readonly string[];
  stories: Story[];
  nextMark: () => { number: number; mark: string };
  note: (what: string) => void;
}

const accepted = z.object({ delivery: z.object({ id: z.string() }) });
const status = z.object({
  state: z.enum(["queued", "active", "done", "quarantined"]),
  outcomes: z.array(
    z.object({ id: z.string().nullable(), revision: z.number().nullable(), outcome: z.string() }),
  ),
});
const PATIENCE_MS = 60_000;

/** One agency for each line, which sends ninjs: new stories, later versions, withdrawals, and things it must not. */
export class Wire {
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  async prepare(): Promise<void> {
    const { desk, lines } = this.#options;
    for (const line of lines) {
      const body = { kind: "push", format: "ninjs", lines: [line] };
      await desk.command({ method: "PUT", path: `/v1/sources/wire-${line}`, body });
    }
  }

  async sendNew(): Promise<void> {
    const { chance, lines, stories } = this.#options;
    const line = chance.pick(lines) ?? "main";
    const { number, mark } = this.#options.nextMark();
    const guid = `urn:wire:${line}:${number}`;
    const outcome = await this.#deliver(line, { ...toNinjs(number, mark), uri: guid, version: "1" });
    if (outcome?.outcome !== "applied" || outcome.id === null || outcome.revision === null) return;
    const { id, revision } = outcome;
    stories.push({ id, revision, lines: [line], state: "public", guid, ...toFresh(), version: 1 });
    this.#options.note("wire story");
  }

  async sendAgain(): Promise<void> {
    await this.#withStory("public", async (story) => {
      const { number, mark } = this.#options.nextMark();
      const outcome = await this.#send(story, toNinjs(number, mark));
      story.revision = outcome?.revision ?? story.revision;
      this.#options.note("wire version");
    });
  }

  async kill(): Promise<void> {
    await this.#withStory("public", async (story) => {
      const outcome = await this.#send(story, { pubstatus: "canceled", headline: "Withdrawn" });
      if (outcome?.outcome !== "applied" && outcome?.outcome !== "killed") return;
      story.state = "killed";
      story.isWireKill = true;
      this.#options.ledger.absences.push({ id: story.id, why: "killed", sinceMs: Date.now() });
      this.#options.note("wire kill");
    });
  }

  /** KIL1: what the agency sends of a story that is dead must not be seen, whatever version it claims. */
  async revive(): Promise<void> {
    await this.#withStory("killed", (story) => this.insistOn(story));
  }

  async insistOn(story: Story): Promise<void> {
    const { number, mark } = this.#options.nextMark();
    const secret: Secret = { mark };
    this.#options.ledger.secrets.push(secret);
    story.sealed.push(secret);
    await this.#send(story, toNinjs(number, mark));
    story.isRevived = story.isWireKill;
    this.#options.note("wire insists");
  }

  async #withStory(state: Story["state"], use: (story: Story) => Promise<void>): Promise<void> {
    const free = this.#options.stories.filter((one) => {
      return !one.isBusy && one.state === state && one.guid !== undefined;
    });
    const story = this.#options.chance.pick(free);
    if (story === undefined) return;
    story.isBusy = true;
    try {
      await use(story);
    } finally {
      story.isBusy = false;
    }
  }

  async #send(story: Story, fields: object) {
    story.version += 1;
    const body = { ...fields, uri: story.guid, version: String(story.version) };
    const [, , line = "main"] = (story.guid ?? "").split(":");
    return await this.#deliver(line, body);
  }

  /** Until it is known what became of it. */
  async #deliver(line: string, body: object) {
    const { desk } = this.#options;
    const answer = await desk.deliver(`wire-${line}`, body);
    const parsed = accepted.safeParse(answer?.body);
    if (!parsed.success) return undefined;
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const read = await desk.read(`/v1/deliveries/${parsed.data.delivery.id}`);
      const told = status.safeParse(read?.body);
      if (told.success && told.data.state !== "queued" && told.data.state !== "active") {
        return told.data.outcomes[0];
      }
      await sleep(100);
    }
    return undefined;
  }
}

function toNinjs(number: number, mark: string): object {
  return {
    type: "text",
    pubstatus: "usable",
    versioncreated: new Date().toISOString(),
    headline: toHeadline(number, mark),
    body_text: toBody(number, mark),
    urgency: 3 + (number % 5),
  };
}
