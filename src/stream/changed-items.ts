import { delta, type Op } from "../contract/delta.ts";
import type { Position } from "../contract/position.ts";
import type { ChannelDelta } from "./line-views.ts";

/** What was withdrawn, held or corrected lately, and from which position on each line no longer shows the old. */
export interface ChangedItem {
  readonly id: string;
  readonly revision: number;
  /** When it was stored. */
  readonly atMs: number;
  readonly places: readonly (Position & { readonly line: string })[];
}

/** After that, whoever still shows the old has long been cut off or has come back by its position. */
const KEPT_MS = 5 * 60_000;
const MOST_ITEMS = 32;

/** In JSON text a quote within a string is escaped, so this can be no reader's or agency's words. */
const MATTERS = /"reason":"(?:killed|held)"|"change":"correction"/;

/** The items of which an editor wants to know which screens still show them as they were. */
export class ChangedItems {
  readonly #items = new Map<string, ChangedItem>();

  add({ channel, line, atMs, json }: Pick<ChannelDelta, "channel" | "line" | "atMs" | "json">): void {
    if (!channel.startsWith("public:") || !MATTERS.test(json)) return;
    const { epoch, to, ops } = delta.parse(JSON.parse(json));
    for (const op of ops) {
      const changed = toChanged(op);
      if (changed === undefined) continue;
      const before = this.#items.get(changed.id);
      // On each of its lines it changes by a delta of its own.
      const others = before?.revision === changed.revision ? before.places : [];
      this.#items.delete(changed.id);
      this.#items.set(changed.id, {
        ...changed,
        atMs,
        places: [...others.filter((place) => place.line !== line), { line, epoch, offset: to }],
      });
    }
    this.#forget(atMs);
  }

  get(id: string): ChangedItem | undefined {
    return this.#items.get(id);
  }

  /** `nowMs` by the store's clock. */
  list(nowMs: number): ChangedItem[] {
    this.#forget(nowMs);
    return [...this.#items.values()];
  }

  #forget(nowMs: number): void {
    for (const [id, { atMs }] of this.#items) {
      if (this.#items.size > MOST_ITEMS || nowMs - atMs > KEPT_MS) this.#items.delete(id);
    }
  }
}

function toChanged(op: Op): Pick<ChangedItem, "id" | "revision"> | undefined {
  if (op.op === "put") {
    const { id, revision, change } = op.item;
    return change === "correction" ? { id, revision } : undefined;
  }
  const { id, revision, reason } = op;
  return reason === "killed" || reason === "held" ? { id, revision } : undefined;
}
