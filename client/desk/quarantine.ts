import type { Fields } from "../feed/guards.ts";
import { make, setText } from "../ticker/dom.ts";
import { makeBytesView } from "./bytes-view.ts";
import { callBytes, callDesk } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";
import { fill, makeRow, makeTable, makeTime, type TableOptions, toList, toText } from "./table.ts";

/** What could not be read, and why: its bytes can be looked at, it can be tried again or thrown away. */
export async function showQuarantine(target: HTMLElement, options: TableOptions): Promise<void> {
  await fill(target, async () => {
    const entries = toList(await callDesk(options.door, "GET", "v1/quarantine"), "entries");
    if (entries.length === 0) return makeEmpty();
    const body = make("tbody");
    const table = makeTable(["Time", "Source", "Why", ""], []);
    table.className = "stacked";
    table.tBodies[0]?.replaceWith(body);
    for (const entry of entries) body.append(...makeEntry(entry, options));
    return table;
  });
}

function makeEmpty(): HTMLElement {
  return make("p", { className: "empty", text: "Everything that came could be read." });
}

/** The entry's row, and a row below it for its bytes. */
function makeEntry(entry: Fields, { door, times }: TableOptions): HTMLElement[] {
  const path = `v1/quarantine/${toText(entry["id"])}`;
  const said = make("span", { className: "hint", attributes: { role: "status" } });
  const slot = make("td", { attributes: { colspan: "4" } });
  const below = make("tr", { className: "below" }, slot);
  below.hidden = true;

  let isBusy = false;
  /** One thing at a time; what goes wrong is said beside it. A disabled button would lose the keyboard's place. */
  async function run(work: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
    } catch (error) {
      setText(said, toRefusalWords(error));
    }
    isBusy = false;
  }
  const show = makeButton("Show bytes", () => {
    if (!below.hidden) {
      below.hidden = true;
      setText(show, "Show bytes");
      return;
    }
    void run(async () => {
      slot.replaceChildren(makeBytesView(await callBytes(door, `${path}/bytes`)));
      below.hidden = false;
      setText(show, "Hide bytes");
    });
  });
  const retry = makeButton("Try again", () => {
    void run(async () => {
      await callDesk(door, "POST", `${path}/retry`);
      setText(said, "Queued again");
      for (const button of buttons) button.remove();
    });
  });
  // Asked twice: nothing brings it back.
  const discard = makeButton("Discard", () => {
    if (discard.textContent === "Discard") {
      setText(discard, "Discard for good");
      discard.className = "danger";
      return;
    }
    void run(async () => {
      await callDesk(door, "DELETE", path);
      row.remove();
      below.remove();
    });
  });
  const buttons = [show, retry, discard];
  const why = `${toText(entry["message"])} (${toText(entry["code"])})`;
  const acts = make("div", { className: "row" }, ...buttons, said);
  const row = makeRow([makeTime(entry["at"], times), toText(entry["source"]), why, acts]);
  return [row, below];
}
