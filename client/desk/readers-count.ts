import { isFields } from "../feed/guards.ts";
import { callJson } from "../feed/reading.ts";
import { make, setAttribute, setText } from "../ticker/dom.ts";

const ASK_MS = 5000;

/** How many read the line now, at all gateways: quiet, and told to nobody who did not look. */
export class ReadersCount {
  readonly element = make("span", { className: "readers" });
  readonly #server: URL;
  readonly #line: () => string;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(server: URL, line: () => string) {
    this.#server = server;
    this.#line = line;
    this.#timer = setInterval(() => void this.ask(), ASK_MS);
  }

  async ask(): Promise<void> {
    if (document.visibilityState === "hidden") return;
    const line = this.#line();
    const status = await callJson(new URL("v1/status", this.#server)).catch(() => undefined);
    // Another line was chosen meanwhile: its own answer is on its way.
    if (line !== this.#line()) return;
    const readers = isFields(status) && isFields(status["readers"]) ? status["readers"][line] : undefined;
    // An old number would be taken for the present one.
    setText(this.element, typeof readers === "number" ? toReadersText(readers) : "");
    const gateways = isFields(status) ? status["gateways"] : undefined;
    const where = typeof gateways === "number" && gateways > 1 ? ` at ${gateways} gateways` : "";
    setAttribute(this.element, "title", `Who follows ${line} now${where}`);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function toReadersText(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "reader" : "readers"}`;
}
