/** The desk: for an editor with seconds. */
import { isFields } from "../feed/guards.ts";
import type { LineFeed } from "../feed/line-feed.ts";
import { callJson } from "../feed/reading.ts";
import { ServerLink } from "../feed/server-link.ts";
import { make, setText } from "../ticker/dom.ts";
import { StatusLine } from "../ticker/status-line.ts";
import { toTimes } from "../ticker/times.ts";
import { toServer } from "../ticker/widget-settings.ts";
import { en } from "../ticker/words/en.ts";
import { Composer } from "./composer.ts";
import type { DeskDoor } from "./desk-calls.ts";
import { toDue, toNear, toNext } from "./desk-item.ts";
import { DeskList } from "./desk-list.ts";
import { makeButton } from "./field.ts";
import { showQuarantine } from "./quarantine.ts";
import { ReadersCount } from "./readers-count.ts";
import { ScreensStrip } from "./screens-strip.ts";
import { keepLine, keepToken, readLine, readToken } from "./session.ts";
import { showSignIn } from "./sign-in.ts";
import { showSources } from "./sources.ts";
import { UndoStrip } from "./undo-strip.ts";

const TABS = ["Line", "Next", "Sources", "Quarantine"] as const;
type Tab = (typeof TABS)[number];

const LIMIT = 100;
/** Embargo and breaking marks end by themselves. */
const REPAINT_MS = 15_000;

class Desk {
  readonly #root: HTMLElement;
  readonly #door: DeskDoor;
  readonly #link: ServerLink;
  readonly #times = toTimes(
    navigator.language,
    new URLSearchParams(location.search).get("time-zone") ?? undefined,
  );
  readonly #composer: Composer;
  readonly #undo: UndoStrip;
  readonly #list: DeskList;
  readonly #screens: ScreensStrip;
  readonly #readers: ReadersCount;
  readonly #status = new StatusLine();
  readonly #picker = make("select", { attributes: { "aria-label": "Line" } });
  /** Said once for each item, not counted down. */
  readonly #soon = make("p", { className: "warning", attributes: { role: "status" } });
  readonly #panel = make("div", { className: "panel" });
  readonly #tabs: HTMLButtonElement[];
  #lines: string[] = ["main"];
  #line = readLine() ?? "main";
  #tab: Tab = "Line";
  #feed: LineFeed | undefined;
  #stopListening: (() => void) | undefined;
  #repaint: ReturnType<typeof setInterval> | undefined;

  constructor(root: HTMLElement, door: DeskDoor) {
    this.#root = root;
    this.#door = door;
    this.#link = new ServerLink({ ...door, namespace: "/desk" });
    this.#screens = new ScreensStrip(door, this.#times);
    this.#readers = new ReadersCount(door.server, () => this.#line);
    this.#list = new DeskList({ door, times: this.#times, screens: this.#screens });
    this.#undo = new UndoStrip(door, this.#screens);
    this.#composer = new Composer({
      door,
      times: this.#times,
      lines: () => this.#lines,
      currentLine: () => this.#line,
      onSent: (item) => this.#undo.show(item),
    });
    this.#tabs = TABS.map((tab) => makeButton(tab, () => this.#showTab(tab)));
    this.#picker.addEventListener("change", () => this.#follow(this.#picker.value));
  }

  async start(): Promise<void> {
    const signOut = makeButton("Sign out", () => this.#signOut());
    const header = make(
      "header",
      { className: "top" },
      make("h1", { text: "Desk" }),
      this.#picker,
      this.#status.element,
      this.#readers.element,
      make(
        "nav",
        { attributes: { "aria-label": "Screens" } },
        toLink("Page", "./"),
        toLink("Wall", "./wall"),
        signOut,
      ),
    );
    const tabs = make("div", { className: "tabs", attributes: { "aria-label": "Views" } }, ...this.#tabs);
    const side = make("aside", {}, this.#composer.element, this.#undo.element);
    this.#root.replaceChildren(
      header,
      make("main", {}, side, make("section", {}, tabs, this.#soon, this.#screens.element, this.#panel)),
    );
    this.#follow(this.#line);
    this.#showTab("Line");
    this.#composer.focus();
    this.#repaint = setInterval(() => this.#paint(), REPAINT_MS);
    await this.#loadLines();
  }

  /** Also when the token has ended: what is being written stays in the tab and is there again afterwards. */
  #signOut(): void {
    keepToken(undefined);
    this.#stopListening?.();
    clearInterval(this.#repaint);
    this.#link.close();
    this.#screens.close();
    this.#readers.close();
    showSignIn(this.#root, this.#door.server, openDesk);
  }

  async #loadLines(): Promise<void> {
    const body = await callJson(new URL("v1/lines", this.#door.server)).catch(() => undefined);
    const lines = isFields(body) && Array.isArray(body["lines"]) ? body["lines"].filter(isFields) : [];
    const names = lines.map((line) => line["line"]).filter((name) => typeof name === "string");
    this.#lines = [...new Set(["main", ...names, this.#line])];
    this.#picker.replaceChildren(
      ...this.#lines.map((name) => make("option", { text: name, attributes: { value: name } })),
    );
    this.#picker.value = this.#line;
    this.#composer.update();
  }

  #follow(line: string): void {
    this.#line = line;
    keepLine(line);
    void this.#readers.ask();
    this.#stopListening?.();
    if (this.#feed !== undefined) this.#link.release(this.#feed);
    this.#list.clear();
    this.#feed = this.#link.open(line, LIMIT);
    this.#stopListening = this.#feed.listen(() => this.#paint());
    this.#composer.update();
    this.#paint();
  }

  #showTab(tab: Tab): void {
    this.#tab = tab;
    for (const [index, button] of this.#tabs.entries()) {
      button.setAttribute("aria-pressed", String(TABS[index] === tab));
    }
    const options = { door: this.#door, times: this.#times };
    if (tab === "Sources") void showSources(this.#panel, options);
    else if (tab === "Quarantine") void showQuarantine(this.#panel, options);
    else this.#panel.replaceChildren(this.#list.element);
    this.#paint();
  }

  #paint(): void {
    const feed = this.#feed;
    if (feed === undefined) return;
    const nowMs = feed.nowMs();
    const { status, held } = feed.state;
    const items = held?.items ?? [];
    if (status.kind === "ended") return this.#signOut();
    this.#status.update(status, items[0]?.orderedAt, { words: en, times: this.#times, nowMs });
    if (this.#tab === "Line") this.#list.update(items, nowMs);
    const waiting = toNext(items, nowMs);
    if (this.#tab === "Next") this.#list.update(waiting, nowMs);
    const next = this.#tabs[1];
    if (next !== undefined) setText(next, waiting.length === 0 ? "Next" : `Next ${waiting.length}`);
    const soon = waiting.flatMap((item) => {
      const due = toDue(item, nowMs);
      if (due === undefined || !due.isSoon) return [];
      const what = due.kind === "embargo" ? "goes out" : "ends";
      return [`${toNear(due.at, this.#times, nowMs)} ${what}: ${item.headline}`];
    });
    setText(this.#soon, soon.join("\n"));
    feed.markShown();
  }
}

function toLink(text: string, href: string): HTMLElement {
  return make("a", { text, attributes: { href } });
}

function openDesk(token: string): void {
  keepToken(token);
  void new Desk(document.body, { server: toServer(import.meta.url), token }).start();
}

const token = readToken();
if (token === undefined) showSignIn(document.body, toServer(import.meta.url), openDesk);
else openDesk(token);
