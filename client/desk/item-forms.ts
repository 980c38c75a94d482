import type { Item, LineItem } from "../../src/contract/item.ts";
import { CallError, fetchDiff, fetchItem, fetchRevisions, isItem } from "../feed/reading.ts";
import { make, setText } from "../ticker/dom.ts";
import { toDiffParagraph } from "../ticker/item-details.ts";
import type { Times } from "../ticker/times.ts";
import { isFirstWord, toFirstWord } from "./composing.ts";
import { type ChangeFields, change, type DeskDoor, kill } from "./desk-calls.ts";
import { makeButton, makeField, makeInput, makeText } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { Deed } from "./screens-strip.ts";

const STATUS_WORDS = { withheld: "held", canceled: "withdrawn" } as const;

interface FormOptions {
  door: DeskDoor;
  onDone: () => void;
  /** It is stored; screens are about to follow. */
  onSent: (deed: Deed) => void;
}

/** Update or correct: the fields as they are, and for a correction the note that readers will see. */
export async function makeChangeForm(
  item: LineItem,
  kind: ChangeFields["change"],
  options: FormOptions,
): Promise<HTMLElement> {
  const record = await fetchItem(options.door, item.id);
  const headline = makeText(2, record.headline);
  const lead = makeText(2, record.lead);
  const body = makeText(8, record.bodyText);
  const note = makeText(2);
  const hide = makeInput("checkbox");
  const problem = make("p", { className: "message problem", attributes: { role: "alert" } });
  const conflict = make("div", { className: "conflict" });
  let revision = record.revision;
  const toFields = (): ChangeFields => ({
    change: kind,
    headline: headline.value.trim(),
    lead: lead.value.trim() || null,
    body: body.value.trim() || null,
    urgency: record.urgency,
    ...(kind === "correction" && { correctionNote: note.value.trim(), hideEarlier: hide.checked }),
  });
  const save = makeButton(
    kind === "update" ? "Send the update" : "Send the correction",
    () => void send(),
    "primary",
  );
  async function send(): Promise<void> {
    if (kind === "correction" && note.value.trim() === "") {
      setText(problem, "A correction needs a note that readers see.");
      note.focus();
      return;
    }
    save.disabled = true;
    setText(problem, "");
    try {
      await change(options.door, { id: item.id, revision }, toFields());
      if (kind === "correction") options.onSent("Corrected");
      options.onDone();
    } catch (error) {
      setText(problem, toRefusalWords(error));
      const current = error instanceof CallError ? error.current : undefined;
      if (isItem(current)) showConflict(current);
    } finally {
      save.disabled = false;
    }
  }
  /** Somebody was faster: both texts stand side by side, and neither is lost. */
  function showConflict(current: Item): void {
    revision = current.revision;
    setText(save, "Send mine over it");
    conflict.replaceChildren(
      make("h4", { text: `What stands on the line now (revision ${current.revision})` }),
      make("p", { className: "headline", text: current.headline, attributes: { dir: "auto" } }),
      make("p", { className: "text", text: current.bodyText ?? "", attributes: { dir: "auto" } }),
    );
  }
  const correction =
    kind === "update"
      ? []
      : [
          makeField("Note for readers", note, "Shown beside the headline, such as: the name is Aliyeva."),
          makeField("Take earlier texts out of public view for good", hide),
        ];
  const fields = [
    ...correction,
    makeField("Headline", headline),
    makeField("Lead", lead),
    makeField("Text", body),
  ];
  const buttons = make("div", { className: "row" }, save, makeButton("Cancel", options.onDone));
  return make("div", { className: "form" }, ...fields, conflict, problem, buttons);
}

/** Withdrawing is for good: its first word is typed before it goes. */
export function makeKillForm(item: LineItem, options: FormOptions): HTMLElement {
  const word = makeInput("text");
  const reason = makeInput("text");
  const problem = make("p", { className: "message problem", attributes: { role: "alert" } });
  const go = makeButton("Withdraw for good", () => void send(), "danger");
  const check = () => {
    go.disabled = !isFirstWord(word.value, item.headline) || reason.value.trim() === "";
  };
  async function send(): Promise<void> {
    go.disabled = true;
    try {
      await kill(options.door, item.id, reason.value.trim());
      options.onSent("Withdrawn");
      options.onDone();
    } catch (error) {
      setText(problem, toRefusalWords(error));
      check();
    }
  }
  check();
  const form = make(
    "div",
    { className: "form kill" },
    make("p", { text: "It leaves every screen within two seconds and cannot come back." }),
    makeField(`Type its first word: ${toFirstWord(item.headline)}`, word),
    makeField("Reason", reason, "For the desk and the audit; readers never see it."),
    problem,
    make("div", { className: "row" }, go, makeButton("Cancel", options.onDone)),
  );
  form.addEventListener("input", check);
  return form;
}

/** All revisions, newest first, with what changed from one to the next. */
export async function makeHistory(item: LineItem, times: Times, options: FormOptions): Promise<HTMLElement> {
  const revisions = await fetchRevisions(options.door, item.id);
  const rows = revisions.map((revision, index) => {
    const before = revisions[index + 1];
    const who = revision.by === undefined ? "" : ` by ${revision.by}`;
    const at = make("time", {
      text: times.clock(revision.receivedAt),
      attributes: { title: times.full(revision.receivedAt) },
    });
    const kind = revision.pubStatus === "usable" ? revision.change : STATUS_WORDS[revision.pubStatus];
    const what = `${revision.revision} ${kind}${who}`;
    const row = make("li", {}, at, make("span", { text: what }));
    const diff = make("div", { className: "diff" });
    if (before === undefined) diff.append(make("p", { text: revision.headline }));
    else void showDiff(diff, { id: item.id, from: before.revision, to: revision.revision }, options.door);
    row.append(diff);
    return row;
  });
  const close = makeButton("Close", options.onDone);
  return make(
    "div",
    { className: "form history", attributes: { tabindex: "-1", role: "group", "aria-label": "History" } },
    make("ol", {}, ...rows),
    make("div", { className: "row" }, close),
  );
}

async function showDiff(
  target: HTMLElement,
  between: { id: string; from: number; to: number },
  door: DeskDoor,
): Promise<void> {
  try {
    const { headline, bodyText } = await fetchDiff(door, between.id, between);
    target.replaceChildren(toDiffParagraph(headline), toDiffParagraph(bodyText));
  } catch (error) {
    target.replaceChildren(make("p", { text: toRefusalWords(error) }));
  }
}
