import type { LineItem } from "../../src/contract/item.ts";
import { make } from "./dom.ts";
import { toLeadingMarks, toTrailingMarks } from "./item-marks.ts";
import { toPermalink, type ViewInput } from "./mode-view.ts";

/** One item as the crawl and the flip show it: time, marks, headline, credit, in a row. */
export function makeSingleLine(
  item: LineItem,
  input: ViewInput,
  onOpen: (item: LineItem) => boolean,
): HTMLElement {
  const { times } = input;
  const time = make("time", {
    part: "time",
    text: times.clock(item.orderedAt),
    attributes: { datetime: item.orderedAt, title: times.full(item.orderedAt) },
  });
  const attributes = {
    href: toPermalink(input, item.id),
    ...(item.language !== undefined && { lang: item.language }),
  };
  const headline = make("a", { part: "headline", text: item.headline, attributes });
  headline.addEventListener("click", (event) => {
    if (!onOpen(item)) event.preventDefault();
  });
  const mark = (kind: string, text: string) =>
    make("span", { part: kind === "note" ? "note" : `mark ${kind}`, text });
  const leading = toLeadingMarks(item, input).map(({ kind, text }) => mark(kind, text));
  const trailing = toTrailingMarks(item, input).map(({ kind, text }) => mark(kind, text));
  const credit = item.credit === undefined ? [] : [make("span", { part: "credit", text: item.credit })];
  const line = make("span", { part: "line" });
  line.append(...[...leading, headline, ...trailing, ...credit].flatMap((part) => [part, " "]));
  const row = make("div", { className: "single" }, time, line);
  row.dataset["id"] = item.id;
  return row;
}

/** Changes when the line would read differently. */
export function toLineKey(item: LineItem, input: ViewInput): string {
  return JSON.stringify([item.revision, toLeadingMarks(item, input), input.times.clock(item.orderedAt)]);
}
