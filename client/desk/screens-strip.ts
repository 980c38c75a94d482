import type { LineItem } from "../../src/contract/item.ts";
import { isFields } from "../feed/guards.ts";
import { CallError } from "../feed/reading.ts";
import { make, setChildren, setText } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import { callDesk, type DeskDoor } from "./desk-calls.ts";

const ASK_MS = 2000;
/** How long it still stands there that nobody shows it any more. */
const GOOD_NEWS_MS = 8000;

export type Deed = "Withdrawn" | "Held" | "Corrected";

/** What the server knows of it, read leniently. */
interface ScreensLeft {
  still: number;
  unknown: number;
  pending: number;
  lastSeenAt: string | undefined;
}

function parseScreens(body: unknown): ScreensLeft | undefined {
  if (!isFields(body) || typeof body["still"] !== "number") return undefined;
  const toCount = (value: unknown) => (typeof value === "number" ? value : 0);
  const { still, unknown, pending, lastSeenAt } = body;
  return {
    still,
    unknown: toCount(unknown),
    pending: toCount(pending),
    lastSeenAt: typeof lastSeenAt === "string" ? lastSeenAt : undefined,
  };
}

/** It is over when every gateway has told, and no screen has said that it still shows what it showed. */
function isOver({ still, pending }: ScreensLeft): boolean {
  return still === 0 && pending === 0;
}

function toLeftText({ still, pending, lastSeenAt }: ScreensLeft, times: Times): string {
  const seen = lastSeenAt === undefined ? "" : `, last seen ${times.clock(lastSeenAt)}`;
  if (still > 0) return `still on ${toNumber(still, "screen")}${seen}`;
  if (pending > 0) return `waiting for ${toNumber(pending, "gateway")} to tell`;
  return "off every screen that can tell";
}

function toNumber(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

interface Row {
  id: string;
  element: HTMLElement;
  left: HTMLElement;
  /** Those of which nothing is known. */
  others: HTMLElement;
  /** When it was found to be over. */
  overAtMs: number | undefined;
}

/**
 * After a withdrawal, a hold or a correction: on how many screens the old still stands, until there is none. It names
 * the item by its time, since what has been withdrawn must not stand on the desk either; and it is no live region,
 * or a screen reader would be told a number every two seconds.
 */
export class ScreensStrip {
  readonly element = make("ul", { className: "screens", attributes: { "aria-label": "Still on screens" } });
  readonly #door: DeskDoor;
  readonly #times: Times;
  readonly #rows = new Map<string, Row>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(door: DeskDoor, times: Times) {
    this.#door = door;
    this.#times = times;
    this.element.hidden = true;
  }

  follow(deed: Deed, item: Pick<LineItem, "id" | "orderedAt" | "lines">): void {
    const left = make("span", { className: "left" });
    const where = deed === "Corrected" ? "on" : "from";
    const at = make("time", {
      text: this.#times.clock(item.orderedAt),
      attributes: { datetime: item.orderedAt, title: this.#times.full(item.orderedAt) },
    });
    const what = make("span", { text: `${deed} ${where} ${item.lines.join(", ")}` });
    const others = make("span", { className: "others" });
    const element = make("li", {}, at, what, left, others);
    const row = { id: item.id, element, left, others, overAtMs: undefined };
    this.#rows.set(item.id, row);
    this.#paint();
    clearTimeout(this.#timer);
    void this.#askAll();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#rows.clear();
  }

  async #askAll(): Promise<void> {
    await Promise.all([...this.#rows.values()].map((row) => this.#ask(row)));
    this.#paint();
    clearTimeout(this.#timer);
    if (this.#rows.size > 0) this.#timer = setTimeout(() => void this.#askAll(), ASK_MS);
  }

  async #ask(row: Row): Promise<void> {
    if (row.overAtMs !== undefined) {
      if (Date.now() - row.overAtMs > GOOD_NEWS_MS) this.#rows.delete(row.id);
      return;
    }
    try {
      const left = parseScreens(await callDesk(this.#door, "GET", `v1/items/${row.id}/screens`));
      if (left === undefined) throw new CallError(200, undefined);
      setText(row.left, toLeftText(left, this.#times));
      setText(row.others, left.unknown === 0 ? "" : `${toNumber(left.unknown, "other")} cannot tell`);
      row.element.classList.toggle("over", isOver(left));
      if (isOver(left)) row.overAtMs = Date.now();
    } catch (error) {
      // The server has forgotten it: whoever shows it now has been cut off for minutes.
      if (error instanceof CallError && error.status === 404) this.#rows.delete(row.id);
      else setText(row.left, "no answer");
    }
  }

  #paint(): void {
    this.element.hidden = this.#rows.size === 0;
    setChildren(
      this.element,
      [...this.#rows.values()].map(({ element }) => element),
    );
  }
}
