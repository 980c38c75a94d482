import type { Status } from "../feed/line-state.ts";
import { make, setAttribute, setText } from "./dom.ts";
import type { Voice } from "./item-marks.ts";

export function toStatusText(status: Status, { words, times }: Pick<Voice, "words" | "times">): string {
  switch (status.kind) {
    case "connecting":
      return words.connecting;
    case "catching-up":
      return words.catchingUp;
    case "live":
      return words.live;
    case "stale":
      return words.staleSince(times.short(status.since));
    case "polling":
      return words.refreshing(Math.round(status.everyMs / 1000));
    case "offline":
      return words.offlineSince(times.short(status.since));
    case "ended":
      return words.ended;
  }
}

/** A dot and a word, and when the last item came: a frozen screen must never look like a calm day. */
export class StatusLine {
  readonly element = make("p", { part: "status" });
  readonly #word = make("span", { part: "status-word" });
  readonly #last = make("span", { part: "last" });

  constructor() {
    const dot = make("span", { part: "dot", attributes: { "aria-hidden": "true" } });
    this.element.append(dot, this.#word, " ", this.#last);
  }

  update(status: Status, lastAt: string | undefined, voice: Voice): void {
    setAttribute(this.element, "data-status", status.kind);
    setText(this.#word, toStatusText(status, voice));
    setText(this.#last, lastAt === undefined ? "" : voice.words.lastItem(toLastTime(lastAt, voice)));
    setAttribute(this.#last, "title", lastAt === undefined ? undefined : voice.times.full(lastAt));
  }
}

/** The time alone today; yesterday's 23:50 must not look like tonight's. */
function toLastTime(lastAt: string, { times, nowMs }: Voice): string {
  const today = times.dayKey(new Date(nowMs).toISOString());
  return times.dayKey(lastAt) === today ? times.short(lastAt) : times.day(lastAt);
}
