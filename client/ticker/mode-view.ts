import type { LineItem } from "../../src/contract/item.ts";
import type { Removal } from "../feed/held.ts";
import type { Voice } from "./item-marks.ts";

/** What a view is told at each update. */
export interface ViewInput extends Voice {
  readonly server: URL;
  readonly line: string;
  readonly items: readonly LineItem[];
  readonly removals: readonly Removal[];
  readonly hasOlder: boolean;
  /** False before the first answer: an empty list then says nothing. */
  readonly isKnown: boolean;
  /** Not all items are shown: an empty list then says that nothing fits. */
  readonly isFiltered: boolean;
  /** Of the crawl, in px/s. */
  readonly speed: number;
}

export interface ViewOutcome {
  readonly added: readonly LineItem[];
  readonly changed: readonly LineItem[];
}

export interface ViewHandlers {
  /** May refuse by returning false: then the page opens the item itself. */
  onOpen: (item: LineItem) => boolean;
  onOlder: () => void;
  /** The reader wants to see what waits. */
  onRelease: () => void;
}

/** One way of showing a line: list, crawl or flip. */
export interface ModeView {
  readonly element: HTMLElement;
  readonly shownItems: readonly LineItem[];
  /** True while letting go of the line's tail would take something away from a reader. */
  readonly isInUse: boolean;
  update(input: ViewInput): ViewOutcome;
  /** Opens an item that is shown; false when it is not. */
  openItem(id: string): boolean;
  /** Stops whatever moves. The view may be updated again later. */
  clear(): void;
}

/** What differs from one update to the next. Before the first answer nothing is new. */
export function toOutcome(before: readonly LineItem[] | undefined, shown: readonly LineItem[]): ViewOutcome {
  if (before === undefined) return { added: [], changed: [] };
  const known = new Map(before.map((item) => [item.id, item.revision]));
  return {
    added: shown.filter((item) => !known.has(item.id)),
    changed: shown.filter((item) => (known.get(item.id) ?? item.revision) !== item.revision),
  };
}

export function toPermalink({ server, line }: Pick<ViewInput, "server" | "line">, id: string): string {
  const url = new URL(server);
  url.searchParams.set("line", line);
  url.searchParams.set("item", id);
  return url.href;
}
