/** The wall: for a room that looks at it from three metres, and a tab that stays open for months. */
import "../ticker/news-line-define.ts";
import { isFields } from "../feed/guards.ts";
import { callJson } from "../feed/reading.ts";
import { make, setText } from "../ticker/dom.ts";
import { toTimes } from "../ticker/times.ts";
import { toServer } from "../ticker/widget-settings.ts";
import { BreakingBand } from "./breaking-band.ts";
import { Chime } from "./chime.ts";
import { HealthStrip } from "./health-strip.ts";
import { Lanes } from "./lanes.ts";

const HEARTBEAT_MS = 1000;
/** A new version is loaded when nothing has come for this long. */
const QUIET_MS = 15_000;
const LANES_UNASKED = 4;
const TOKEN = "newsline-token";
const HELP = [
  ["1 … 9", "one lane alone, and back"],
  ["/", "filter by words"],
  ["m", "sound on or off"],
  ["f", "full screen"],
  ["t", "token, to see the sources"],
  ["?", "this help"],
] as const;

const query = new URLSearchParams(location.search);
const server = toServer(import.meta.url);
const locale = query.get("locale") ?? document.documentElement.lang;
const times = toTimes(locale, query.get("time-zone") ?? undefined);

class Wall {
  readonly #band = new BreakingBand();
  readonly #chime = new Chime();
  readonly #lanes: Lanes;
  readonly #strip: HealthStrip;
  readonly #help = makeHelp();
  readonly #filter = makeDialogInput("Filter", "text");
  readonly #token = makeDialogInput("Token", "password");
  readonly #filterNote = make("span", { className: "filter" });
  readonly #sound = makeStripButton("sound off", () => this.#toggleSound());
  #version: string | undefined;
  #isNewVersionOut = false;
  #changedAtMs = Date.now();
  #isStarting = true;

  constructor(lines: readonly { line: string; title: string }[]) {
    const attributes: Record<string, string> = { theme: query.get("theme") ?? "dark", mode: "list", locale };
    for (const name of ["time-zone", "urgency"]) {
      const value = query.get(name);
      if (value !== null) attributes[name] = value;
    }
    this.#lanes = new Lanes(lines, { server, attributes, onChange: () => this.#handleChange() });
    this.#strip = new HealthStrip({
      server,
      times,
      token: () => sessionStorage.getItem(TOKEN) ?? undefined,
      nowMs: () => this.#lanes.nowMs,
      onVersion: (version) => this.#handleVersion(version),
    });
    const filter = makeStripButton("/ filter", () => this.#filter.dialog.showModal());
    const sources = makeStripButton("t token", () => this.#token.dialog.showModal());
    const help = makeStripButton("? help", () => this.#help.showModal());
    const keys = make("span", { className: "keys" }, filter, sources, this.#sound, help);
    this.#strip.element.append(this.#filterNote, keys);
  }

  start(): void {
    const dialogs = [this.#help, this.#filter.dialog, this.#token.dialog];
    document.body.replaceChildren(this.#band.element, this.#lanes.element, this.#strip.element, ...dialogs);
    document.addEventListener("keydown", (event) => this.#handleKey(event));
    this.#lanes.element.addEventListener("news-line-updated", (event) => {
      if (this.#isStarting || !(event instanceof CustomEvent)) return;
      const added =
        isFields(event.detail) && Array.isArray(event.detail["added"]) ? event.detail["added"] : [];
      const urgencies = added
        .filter(isFields)
        .map((item) => item["urgency"])
        .filter((one) => typeof one === "number");
      if (urgencies.length > 0) this.#chime.play(Math.min(...urgencies));
    });
    this.#filter.input.addEventListener("input", () => this.#applyFilter());
    this.#token.dialog.addEventListener("close", () => this.#keepToken());
    setInterval(() => this.#beat(), HEARTBEAT_MS);
    setTimeout(() => {
      this.#isStarting = false;
    }, 5000);
    this.#beat();
  }

  #beat(): void {
    this.#strip.beat();
    this.#paintBand();
    const isQuiet = Date.now() - this.#changedAtMs > QUIET_MS && this.#band.element.hidden;
    if (this.#isNewVersionOut && isQuiet && !this.#isAsking()) location.reload();
  }

  #handleChange(): void {
    this.#changedAtMs = Date.now();
    this.#paintBand();
  }

  #paintBand(): void {
    this.#band.update(this.#lanes.items, this.#lanes.nowMs, times);
  }

  #handleVersion(version: string): void {
    this.#version ??= version;
    this.#isNewVersionOut = version !== this.#version;
  }

  #isAsking(): boolean {
    return [this.#help, this.#filter.dialog, this.#token.dialog].some((dialog) => dialog.open);
  }

  #handleKey(event: KeyboardEvent): void {
    if (this.#isAsking() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[1-9]$/u.test(event.key)) this.#lanes.single(Number(event.key));
    else if (event.key === "/") this.#filter.dialog.showModal();
    else if (event.key === "t") this.#token.dialog.showModal();
    else if (event.key === "?") this.#help.showModal();
    else if (event.key === "m") this.#toggleSound();
    else if (event.key === "f") void toggleFullScreen();
    else return;
    event.preventDefault();
  }

  /** A wall that shows less than all says so. */
  #applyFilter(): void {
    const words = this.#filter.input.value.trim();
    this.#lanes.filter(words);
    setText(this.#filterNote, words === "" ? "" : `only: ${words}`);
  }

  #toggleSound(): void {
    this.#chime.toggle();
    setText(this.#sound, this.#chime.isOn ? "sound on" : "sound off");
  }

  #keepToken(): void {
    const token = this.#token.input.value.trim();
    if (token !== "") sessionStorage.setItem(TOKEN, token);
    this.#token.input.value = "";
    void this.#strip.loadSources();
  }
}

/** What a key does, for who has none. */
function makeStripButton(text: string, onPress: () => void): HTMLButtonElement {
  const button = make("button", { text, attributes: { type: "button" } });
  button.addEventListener("click", onPress);
  return button;
}

function makeHelp(): HTMLDialogElement {
  const rows = HELP.map(([key, what]) =>
    make("div", {}, make("dt", {}, make("kbd", { text: key })), make("dd", { text: what })),
  );
  const form = make("form", { attributes: { method: "dialog" } }, make("button", { text: "Close" }));
  return make("dialog", {}, make("h2", { text: "Keys" }), make("dl", {}, ...rows), form);
}

function makeDialogInput(
  label: string,
  type: string,
): { dialog: HTMLDialogElement; input: HTMLInputElement } {
  const input = make("input", { attributes: { type, autocomplete: "off", "aria-label": label } });
  const form = make("form", { attributes: { method: "dialog" } }, make("h2", { text: label }), input);
  return { dialog: make("dialog", {}, form), input };
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
}

/** The lines of the address, else the fullest there are. */
async function findLines(): Promise<{ line: string; title: string }[]> {
  const wanted = query.get("lines");
  const body = await callJson(new URL("v1/lines", server)).catch(() => undefined);
  const all = isFields(body) && Array.isArray(body["lines"]) ? body["lines"].filter(isFields) : [];
  const known = all.map((line) => ({
    line: String(line["line"]),
    title: typeof line["title"] === "string" && line["title"] !== "" ? line["title"] : String(line["line"]),
    count: typeof line["count"] === "number" ? line["count"] : 0,
  }));
  if (wanted !== null && wanted !== "") {
    const names = wanted.split(",").map((name) => name.trim());
    return names.map((name) => known.find(({ line }) => line === name) ?? { line: name, title: name });
  }
  const filled = known.filter(({ line, count }) => line === "main" || count > 0);
  filled.sort((a, b) => b.count - a.count);
  return filled.length === 0 ? [{ line: "main", title: "main" }] : filled.slice(0, LANES_UNASKED);
}

const theme = query.get("theme");
document.documentElement.dataset["theme"] = theme === "light" ? "light" : "dark";
new Wall(await findLines()).start();
