import type { LineItem } from "../../src/contract/item.ts";
import type { Removal } from "../feed/held.ts";
import type { LineFeed } from "../feed/line-feed.ts";
import type { LineState, Status } from "../feed/line-state.ts";
import { closeWhenUnused, shareLink } from "../feed/shared-links.ts";
import { Announcer } from "./announcer.ts";
import { CrawlView } from "./crawl-view.ts";
import { make, setAttribute, setText } from "./dom.ts";
import { type Due, dueClock } from "./due-clock.ts";
import { FlipView } from "./flip-view.ts";
import { isBreaking, type Voice } from "./item-marks.ts";
import { ListView } from "./list-view.ts";
import type { ModeView, ViewHandlers } from "./mode-view.ts";
import { StatusLine } from "./status-line.ts";
import { adoptStyle } from "./style-sheet.ts";
import { toTimes } from "./times.ts";
import { type Mode, readSettings, toServer, type WidgetSettings } from "./widget-settings.ts";
import { chooseWords } from "./words/choose.ts";

export interface UpdatedDetail {
  line: string;
  added: readonly LineItem[];
  changed: readonly LineItem[];
  removed: readonly Removal[];
}
export interface StatusDetail {
  line: string;
  status: Status;
}
export interface OpenDetail {
  item: LineItem;
}

/** Items beyond those shown at the top are let go after so many new ones, if nobody is reading. */
const LONG_LIST = 200;
/** With an urgency filter a page may hold nothing to show: that many are fetched before we give up. */
const FILTER_PAGES = 5;

/** The server's own copy of this script says where the server is. */
const SCRIPT_SERVER = toServer(import.meta.url);

/** `<news-line>`: a line of news that stays true. Its attributes are its whole interface. */
export class NewsLineElement extends HTMLElement implements Due {
  static readonly observedAttributes = [
    "src",
    "line",
    "mode",
    "limit",
    "time-zone",
    "locale",
    "urgency",
    "speed",
    "lang",
    "heading",
    "filter",
  ];

  readonly #title = make("h2", { part: "title" });
  readonly #status = new StatusLine();
  readonly #list: ListView;
  readonly #handlers: ViewHandlers;
  readonly #announcer: Announcer;
  readonly #frame: HTMLElement;
  #view: ModeView;
  #settings: WidgetSettings | undefined;
  #feed: LineFeed | undefined;
  #stopListening: (() => void) | undefined;
  #removals: Removal[] = [];
  #isScheduled = false;
  #lastStatus: Status | undefined;
  #shownLimit = 0;
  #filterPages = 0;
  #itemToShow: string | undefined;
  #paintedAtMs = 0;

  constructor() {
    super();
    // Server-made items below this element are hidden by the shadow root and come back only in the first
    // answer: what was withdrawn since the page was made is never painted by us. Their height is kept so
    // that the page does not jump.
    const reservedPx = this.childElementCount > 0 ? this.offsetHeight : 0;
    this.#handlers = {
      onOpen: (item) => this.#emit("news-line-open", { item }, true),
      onOlder: () => this.#showOlder(),
      onRelease: () => this.#schedule(),
    };
    this.#list = new ListView(this.#handlers);
    this.#view = this.#list;
    const polite = make("p", { className: "spoken", attributes: { "aria-live": "polite" } });
    const assertive = make("p", { className: "spoken", attributes: { "aria-live": "assertive" } });
    this.#announcer = new Announcer({ polite, assertive });
    const header = make("header", { part: "header" }, this.#title, this.#status.element, this.#list.pill);
    this.#frame = make("section", { part: "frame" }, header, this.#list.element, polite, assertive);
    if (reservedPx > 0) this.#frame.style.setProperty("min-block-size", `${reservedPx}px`);
    const root = this.attachShadow({ mode: "open" });
    adoptStyle(root);
    root.append(this.#frame);
    this.#list.element.addEventListener("scroll", () => this.#schedule(), { passive: true });
    this.#frame.addEventListener("focusout", () => this.#schedule());
  }

  connectedCallback(): void {
    dueClock.add(this);
    addEventListener("scroll", this.#onPageScroll, { passive: true });
    this.#schedule();
  }

  disconnectedCallback(): void {
    dueClock.remove(this);
    removeEventListener("scroll", this.#onPageScroll);
    this.#announcer.close();
    this.#view.clear();
    this.#leave();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.#schedule();
  }

  /** Opens an item that is on the screen, now or as soon as it is. */
  showItem(id: string): void {
    this.#itemToShow = id;
    this.#schedule();
  }

  nextDueMs(): number | undefined {
    const feed = this.#feed;
    if (feed === undefined) return undefined;
    // What was breaking when we painted last: afterwards the clock alone has ended it.
    const ends = this.#view.shownItems
      .filter((item) => isBreaking(item, this.#paintedAtMs))
      .map((item) => Date.parse(item.breakingUntil ?? "") - feed.state.clockOffsetMs);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  onDue(): void {
    this.#schedule();
  }

  readonly #onPageScroll = (): void => {
    if (!this.#list.pill.hidden) this.#schedule();
  };

  /** One update for a burst of attributes, deltas and scrolling. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.isConnected) this.#update();
    });
  }

  #update(): void {
    const settings = readSettings(this, SCRIPT_SERVER);
    const feed = this.#follow(settings);
    const { state } = feed;
    const voice = toVoice(settings, feed);
    this.#paintedAtMs = voice.nowMs;
    this.#updateFrame(settings, state, voice);
    const visible = toVisible(state, settings);
    const items = visible.slice(0, this.#shownLimit);
    const removals = this.#removals.splice(0);
    this.#announcer.forget(new Set(removals.map((removal) => removal.id)));
    const outcome = this.#chooseView(settings.mode).update({
      ...voice,
      speed: settings.speed,
      server: settings.server,
      line: settings.line,
      items,
      removals,
      hasOlder: typeof state.held?.next === "string" || items.length < visible.length,
      isKnown: state.held !== undefined,
      isFiltered: isFiltered(settings),
    });
    const fresh = outcome.added.filter((item) => item.backfill !== true);
    this.#announcer.announce(fresh, voice.words, (item) => isBreaking(item, voice.nowMs));
    this.#tell({ line: settings.line, ...outcome, removed: removals }, state.status);
    this.#keepLength(state, items.length, settings);
    this.#openWanted();
    dueClock.touch();
    feed.markShown();
  }

  /** A crawl is a list for who does not want motion. */
  #chooseView(mode: Mode): ModeView {
    const isStill = mode === "crawl" && matchMedia("(prefers-reduced-motion: reduce)").matches;
    const wanted = isStill ? "list" : mode;
    if (this.#frame.dataset["mode"] === wanted) return this.#view;
    this.#frame.dataset["mode"] = wanted;
    const before = this.#view;
    if (wanted === "list") this.#view = this.#list;
    else this.#view = wanted === "crawl" ? new CrawlView(this.#handlers) : new FlipView(this.#handlers);
    if (before === this.#view) return before;
    before.clear();
    before.element.replaceWith(this.#view.element);
    return this.#view;
  }

  #follow(settings: WidgetSettings): LineFeed {
    const before = this.#settings;
    this.#settings = settings;
    const isSame = before?.server.href === settings.server.href && before.line === settings.line;
    if (before?.limit !== settings.limit || !isSame) this.#shownLimit = settings.limit;
    if (this.#feed !== undefined && isSame) {
      if (before.limit < settings.limit) this.#feed.dispatch({ type: "wanted", limit: settings.limit });
      return this.#feed;
    }
    this.#leave(before);
    this.#view.clear();
    this.#filterPages = 0;
    const feed = shareLink(settings.server).open(settings.line, settings.limit);
    this.#feed = feed;
    this.#stopListening = feed.listen((state) => {
      this.#removals.push(...state.removals);
      this.#schedule();
    });
    return feed;
  }

  #leave(settings: WidgetSettings | undefined = this.#settings): void {
    this.#stopListening?.();
    if (this.#feed === undefined || settings === undefined) return;
    shareLink(settings.server).release(this.#feed);
    closeWhenUnused(settings.server);
    this.#feed = undefined;
  }

  #updateFrame(settings: WidgetSettings, state: LineState, voice: Voice): void {
    setAttribute(this.#frame, "dir", voice.words.dir);
    setAttribute(this.#frame, "lang", settings.locale);
    setText(this.#title, this.getAttribute("heading") ?? voice.words.label);
    if (state.held !== undefined) this.#frame.style.removeProperty("min-block-size");
    this.#status.update(state.status, toLastAt(state), voice);
  }

  #showOlder(): void {
    const feed = this.#feed;
    if (feed === undefined || this.#settings === undefined) return;
    this.#shownLimit += this.#settings.limit;
    const held = feed.state.held?.items.length ?? 0;
    if (held < this.#shownLimit) feed.older();
    this.#schedule();
  }

  /** Fetches more for a filter that shows too little, and lets go of a tail that nobody looks at. */
  #keepLength(state: LineState, shown: number, settings: WidgetSettings): void {
    const held = state.held;
    if (held === undefined) return;
    const isShort = isFiltered(settings) && shown < settings.limit && held.next !== null;
    if (isShort && this.#filterPages < FILTER_PAGES && state.need === "nothing") {
      this.#filterPages += 1;
      this.#feed?.older();
    }
    const isAtTop = this.#shownLimit === settings.limit && !this.#view.isInUse;
    if (held.grown > LONG_LIST && isAtTop) this.#feed?.dispatch({ type: "shorten" });
  }

  #openWanted(): void {
    if (this.#itemToShow === undefined || !this.#view.openItem(this.#itemToShow)) return;
    this.#itemToShow = undefined;
  }

  #tell(detail: UpdatedDetail, status: Status): void {
    const isNews = detail.added.length + detail.changed.length + detail.removed.length > 0;
    if (isNews) this.#emit("news-line-updated", detail, false);
    if (status === this.#lastStatus) return;
    this.#lastStatus = status;
    this.#emit("news-line-status", { line: detail.line, status }, false);
  }

  #emit(type: string, detail: UpdatedDetail | StatusDetail | OpenDetail, cancelable: boolean): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }
}

function toVoice(settings: WidgetSettings, feed: LineFeed): Voice {
  const words = chooseWords(settings.locale);
  return { words, times: toTimes(settings.locale, settings.zone), nowMs: feed.nowMs() };
}

function toVisible(state: LineState, settings: WidgetSettings): readonly LineItem[] {
  const { urgency, filter } = settings;
  return (state.held?.items ?? []).filter((item) => item.urgency <= urgency && hasWords(item, filter));
}

function isFiltered({ urgency, filter }: WidgetSettings): boolean {
  return urgency < 9 || filter !== "";
}

function hasWords(item: LineItem, words: string): boolean {
  if (words === "") return true;
  return [item.headline, item.lead, item.slugline].some(
    (text) => text?.toLowerCase().includes(words) === true,
  );
}

/** When the last item came, which is not the newest item's own time. */
function toLastAt(state: LineState): string | undefined {
  return state.held?.items.reduce<string | undefined>((last, item) => {
    const at = item.publishedAt ?? item.orderedAt;
    return last === undefined || at > last ? at : last;
  }, undefined);
}
