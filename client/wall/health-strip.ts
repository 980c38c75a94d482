import { isFields } from "../feed/guards.ts";
import { CallError, callJson } from "../feed/reading.ts";
import { make, setChildren, setText } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import { type Figure, toFigures, toSourceFigures } from "./health.ts";

const STATUS_MS = 5000;
const SOURCES_MS = 15_000;

interface StripOptions {
  server: URL;
  times: Times;
  token: () => string | undefined;
  /** Server time. */
  nowMs: () => number;
  onVersion: (version: string) => void;
}

/** The strip along the bottom: is everything as usual? */
export class HealthStrip {
  readonly element = make("footer", { className: "strip", attributes: { "aria-label": "Health" } });
  readonly #options: StripOptions;
  readonly #clock = make("time", { className: "clock" });
  readonly #figures = make("dl", { className: "figures" });
  readonly #sources = make("dl", { className: "figures sources" });
  #failedSince: string | undefined;

  constructor(options: StripOptions) {
    this.#options = options;
    const beat = make("span", { className: "beat", attributes: { "aria-hidden": "true" } });
    this.element.append(
      make("span", { className: "heart" }, beat, this.#clock),
      this.#figures,
      this.#sources,
    );
    void this.#loadStatus();
    void this.loadSources();
    setInterval(() => void this.#loadStatus(), STATUS_MS);
    setInterval(() => void this.loadSources(), SOURCES_MS);
  }

  /** Once a second: a clock that stands still is a screen that is frozen. */
  beat(): void {
    const { times, nowMs } = this.#options;
    setText(this.#clock, times.clock(new Date(nowMs()).toISOString()));
    this.element.classList.toggle("even", Math.floor(nowMs() / 1000) % 2 === 0);
  }

  async loadSources(): Promise<void> {
    const token = this.#options.token();
    this.#sources.hidden = token === undefined;
    if (token === undefined) return;
    try {
      const headers = { authorization: `Bearer ${token}` };
      const body = await callJson(new URL("v1/sources", this.#options.server), { headers });
      show(this.#sources, toSourceFigures(body, this.#options.nowMs()));
    } catch (error) {
      const isRefused = error instanceof CallError && (error.status === 401 || error.status === 403);
      const value = isRefused ? "this token may not see them" : "no answer";
      show(this.#sources, [{ name: "Sources", value, isOdd: true }]);
    }
  }

  async #loadStatus(): Promise<void> {
    const { server, times } = this.#options;
    try {
      const status = await callJson(new URL("v1/status", server));
      this.#failedSince = undefined;
      show(this.#figures, toFigures(status, times));
      const version = isFields(status) ? status["version"] : undefined;
      if (typeof version === "string") this.#options.onVersion(version);
    } catch {
      this.#failedSince ??= new Date().toISOString();
      const value = `no answer since ${times.short(this.#failedSince)}`;
      show(this.#figures, [{ name: "Server", value, isOdd: true }]);
    }
  }
}

/** Only what differs is written: the strip must not flicker every few seconds. */
function show(list: HTMLElement, figures: readonly Figure[]): void {
  const rows = figures.map(({ name, value, isOdd }, index) => {
    const row = list.children[index] ?? make("div", {}, make("dt"), make("dd"));
    const [term, details] = row.children;
    if (term !== undefined) setText(term, name);
    if (details !== undefined) setText(details, isOdd ? `▲ ${value}` : value);
    row.classList.toggle("odd", isOdd);
    return row;
  });
  setChildren(list, rows);
}
