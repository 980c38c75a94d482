import type { LineItem } from "../../src/contract/item.ts";
import type { LineFeed } from "../feed/line-feed.ts";
import { shareLink } from "../feed/shared-links.ts";
import { make, setAttribute } from "../ticker/dom.ts";

/** Rows a lane may have: a tab that stays open for months must not grow. */
const LANE_LIMIT = 40;
const MOST_LANES = 9;

interface LaneOptions {
  server: URL;
  /** Attributes that every lane gets: zone, locale, urgency. */
  attributes: Readonly<Record<string, string>>;
  onChange: () => void;
}

/** Lines side by side, each shown by the widget itself; the band reads their feeds. */
export class Lanes {
  readonly element = make("main", { className: "lanes" });
  readonly #feeds: LineFeed[] = [];

  constructor(lines: readonly { line: string; title: string }[], options: LaneOptions) {
    const link = shareLink(options.server);
    for (const [index, { line, title }] of lines.slice(0, MOST_LANES).entries()) {
      const feed = link.open(line, LANE_LIMIT);
      feed.listen(() => options.onChange());
      this.#feeds.push(feed);
      const lane = make("news-line", {
        attributes: { ...options.attributes, line, limit: String(LANE_LIMIT) },
      });
      lane.setAttribute("heading", `${index + 1} ${title}`);
      lane.setAttribute("src", options.server.href);
      this.element.append(lane);
    }
    this.#setCount(this.#feeds.length);
  }

  get items(): LineItem[] {
    return this.#feeds.flatMap((feed) => feed.state.held?.items ?? []);
  }

  get nowMs(): number {
    return this.#feeds[0]?.nowMs() ?? Date.now();
  }

  /** One lane alone, or all again when it was alone already. */
  single(number: number): void {
    const lanes = [...this.element.children];
    const lane = lanes[number - 1];
    if (lane === undefined) return;
    const wasAlone = lanes.every((one) => one === lane || one.hasAttribute("hidden"));
    for (const one of lanes) setAttribute(one, "hidden", wasAlone || one === lane ? undefined : "");
    const shown = lanes.filter((one) => !one.hasAttribute("hidden")).length;
    this.#setCount(shown);
  }

  #setCount(count: number): void {
    this.element.style.setProperty("--lanes", String(count));
    // A lane that has the wall to itself is read from further away.
    this.element.classList.toggle("alone", count === 1);
  }

  filter(words: string): void {
    for (const lane of this.element.children) setAttribute(lane, "filter", words === "" ? undefined : words);
  }
}
