import { type Fields, isFields } from "../feed/guards.ts";
import { make, setText } from "../ticker/dom.ts";
import { callDesk } from "./desk-calls.ts";
import { makeExplanation, toValueText } from "./explain-view.ts";
import { makeButton, makeField, makeText } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";
import { makeRow, makeTable, type TableOptions, toList, toText, toTime } from "./table.ts";

interface EditorOptions extends TableOptions {
  source: string;
  profile: Fields;
  onClose: () => void;
}

/** A source's profile, with what a change of it would do beside it: seen before it is saved. */
export function makeSourceEditor(options: EditorOptions): HTMLElement {
  const { door, source, profile, onClose } = options;
  const path = `v1/sources/${encodeURIComponent(source)}`;
  const written = makeText(18, JSON.stringify(profile, undefined, 2));
  written.className = "code";
  written.spellcheck = false;
  const said = make("p", { className: "message", attributes: { role: "status" } });
  const result = make("div", { className: "result", attributes: { "aria-live": "polite" } });
  const run = makeRunner(said, result);
  const answer = (work: () => Promise<HTMLElement>) => void run(work);

  const attempt = makeButton(
    "Try this change",
    () =>
      answer(async () => {
        const told = await callDesk(door, "PUT", `${path}?dryRun=1`, parseProfile(written.value));
        return makeDifferences(told, options);
      }),
    "primary",
  );
  const save = makeButton("Save", () =>
    answer(async () => {
      const stored = await callDesk(door, "PUT", path, parseProfile(written.value));
      written.value = JSON.stringify(stored, undefined, 2);
      return make("p", { className: "hint", text: "Saved. It is used from the next delivery on." });
    }),
  );
  const pasted = makeText(6);
  pasted.className = "code";
  const explain = makeButton("Explain", () =>
    answer(async () => {
      const asked = `v1/explain?source=${encodeURIComponent(source)}`;
      return makeExplanation(await callDesk(door, "POST", asked, pasted.value));
    }),
  );
  const hint = "JSON as docs/sources.md describes it. Nothing changes before you save.";
  const left = make(
    "div",
    { className: "edit" },
    makeField(`Profile of ${source}`, written, hint),
    make("div", { className: "row" }, attempt, save, makeButton("Back to all sources", onClose)),
    makeField(
      "A document of this source",
      pasted,
      "Pasted, it is read with the saved profile. Nothing is stored.",
    ),
    make("div", { className: "row" }, explain),
    makePresets(door),
  );
  const editor = make("div", { className: "source-editor" }, left, make("div", {}, said, result));
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  return editor;
}

/**
 * Runs one thing at a time and shows its answer. What the editor typed is kept, whatever it is; no button is
 * disabled meanwhile, since that would take the keyboard's place on the page away.
 */
function makeRunner(
  said: HTMLElement,
  result: HTMLElement,
): (work: () => Promise<HTMLElement>) => Promise<void> {
  let isBusy = false;
  return async (work) => {
    if (isBusy) return;
    isBusy = true;
    said.className = "message";
    setText(said, "Reading …");
    try {
      result.replaceChildren(await work());
      setText(said, "");
    } catch (error) {
      said.className = "message problem";
      setText(
        said,
        error instanceof SyntaxError ? `This is no JSON: ${error.message}` : toRefusalWords(error),
      );
    }
    isBusy = false;
  };
}

function parseProfile(written: string): Fields {
  const profile: unknown = JSON.parse(written);
  if (!isFields(profile)) throw new SyntaxError("it must be one object in braces");
  return profile;
}

/** Only what differs: field by field, before and after, and why. */
function makeDifferences(told: unknown, { times }: TableOptions): HTMLElement {
  const fields = isFields(told) ? told : {};
  const differences = toList(fields, "differences");
  const compared = Number(fields["compared"] ?? 0);
  const left = Number(fields["left"] ?? 0);
  const counted = compared === 1 ? "1 delivery" : `the last ${compared} deliveries`;
  const rest = left > 0 ? ` There was no time for ${left} more.` : "";
  if (compared === 0)
    return make("p", {
      className: "hint",
      text: "No delivery of this source is kept: there is nothing to compare.",
    });
  if (differences.length === 0)
    return make("p", { className: "hint", text: `In ${counted} nothing would differ.${rest}` });
  const many = fields["more"] === true ? " More differs than is shown." : "";
  const items = differences.length === 1 ? "one item" : `${differences.length} items`;
  return make(
    "div",
    {},
    make("p", { className: "hint", text: `In ${counted} ${items} would differ.${rest}${many}` }),
    ...differences.map((one) => {
      const name = toText(one["headline"]) || toText(one["id"]) || "The document";
      const from = `delivery ${toText(one["delivery"])}, ${toTime(one["receivedAt"], times)}`;
      const rows = toList(one, "fields").map((field) =>
        makeRow([
          toText(field["field"]),
          make("del", { text: toValueText(field["before"]), attributes: { dir: "auto" } }),
          make("ins", { text: toValueText(field["after"]), attributes: { dir: "auto" } }),
          toText(field["rule"]),
        ]),
      );
      const table = makeTable(["Field", "Before", "After", "Rule"], rows);
      table.className = "rules";
      return make(
        "section",
        {},
        make("h4", { text: name, attributes: { dir: "auto" } }),
        make("p", { className: "hint", text: from }),
        table,
      );
    }),
  );
}

/** What a profile can begin with: `"preset": "rss-no-guid"`. */
function makePresets(door: TableOptions["door"]): HTMLElement {
  const list = make("dl");
  const details = make("details", {}, make("summary", { text: "Presets" }), list);
  details.addEventListener("toggle", () => {
    if (details.open && list.childElementCount === 0) void fillPresets(list, door);
  });
  return details;
}

async function fillPresets(list: HTMLElement, door: TableOptions["door"]): Promise<void> {
  try {
    const presets = toList(await callDesk(door, "GET", "v1/presets"), "presets");
    const rows = presets.flatMap(({ preset, says }) => [
      make("dt", { text: toText(preset) }),
      make("dd", { text: toText(says) }),
    ]);
    list.replaceChildren(...rows);
  } catch (error) {
    list.replaceChildren(make("dd", { text: toRefusalWords(error) }));
  }
}
