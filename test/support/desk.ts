import { randomUUID } from "node:crypto";
import type { DeskResult } from "../../src/contract/jobs.ts";
import type { ItemChange, NewItem } from "../../src/contract/rest.ts";
import { readClockMs } from "../../src/store/clock.ts";
import { readItem } from "../../src/store/items.ts";
import type { Edition } from "../../src/store/keys.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { handleDesk } from "../../workers/desk.ts";

/** An editor of a test, whose commands are carried out at once. */
export class TestEditor {
  readonly #edition: Edition;

  constructor(edition: Edition) {
    this.#edition = edition;
  }

  async #base(id: string) {
    return {
      id,
      commandId: randomUUID(),
      by: "Ada",
      deadline: (await readClockMs(this.#edition)) + 5_000,
    };
  }

  async publish(id: string, fields: Partial<NewItem> = {}): Promise<DeskResult> {
    const filled: NewItem = { headline: `Headline of ${id}`, lines: ["main"], ...fields };
    return await handleDesk(this.#edition, { ...(await this.#base(id)), command: "publish", fields: filled });
  }

  async change(id: string, fields: Partial<ItemChange>, revision?: number): Promise<DeskResult> {
    const read = revision ?? (await this.record(id)).revision;
    const filled: ItemChange = { change: "update", ...fields };
    return await handleDesk(this.#edition, {
      ...(await this.#base(id)),
      command: "change",
      revision: read,
      fields: filled,
    });
  }

  async kill(id: string): Promise<DeskResult> {
    return await handleDesk(this.#edition, { ...(await this.#base(id)), command: "kill", reason: "wrong" });
  }

  async act(command: "hold" | "release" | "pin" | "unpin", id: string): Promise<DeskResult> {
    return await handleDesk(this.#edition, { ...(await this.#base(id)), command });
  }

  async record(id: string): Promise<ItemRecord> {
    const stored = await readItem(this.#edition, id);
    if (stored === undefined) throw new Error(`no item ${id}`);
    return stored.record;
  }
}
