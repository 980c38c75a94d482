import type { RemoveReason } from "../../src/contract/delta.ts";
import type { Item, LineItem, RevisionEntry } from "../../src/contract/item.ts";
import type { DiffRun } from "../../src/contract/screens.ts";
import { CallError, type Door, fetchDiff, fetchItem, fetchRevisions } from "../feed/reading.ts";
import { make, setText, toHttpUrl } from "./dom.ts";
import type { Voice } from "./item-marks.ts";

/** What opens below a headline: the text, its versions, and what changed from one to the next. */
export class ItemDetails {
  readonly element = make("div", { part: "details" });
  readonly #door: Door;
  readonly #notice = make("p", { part: "notice", attributes: { role: "status" } });
  readonly #text = make("div", { part: "text" });
  readonly #versions = make("div", { part: "versions" });
  readonly #onGone: () => void;
  #revision = 0;
  #isGone = false;

  /** `onGone`: the server no longer gives the item, so its headline must go too. */
  constructor(door: Door, onGone: () => void) {
    this.#door = door;
    this.#onGone = onGone;
    this.element.append(this.#notice, this.#text, this.#versions);
  }

  /** Fetches again when the item has a new revision. */
  update(item: LineItem, voice: Voice): void {
    if (item.revision === this.#revision) return;
    this.#revision = item.revision;
    this.#isGone = false;
    void this.#load(item, voice);
  }

  withdraw(reason: RemoveReason, voice: Voice): void {
    this.#isGone = true;
    this.#clear(toNotice(reason, voice));
  }

  /** It is not among the newest any more and nobody said why: hidden until the server says that it stands. */
  check(item: LineItem, voice: Voice): void {
    this.#clear(voice.words.loading);
    this.#revision = item.revision;
    void this.#load(item, voice);
  }

  close(): void {
    this.#isGone = true;
    this.element.remove();
  }

  async #load(item: LineItem, voice: Voice): Promise<void> {
    const { words } = voice;
    if (this.#text.childElementCount === 0) setText(this.#notice, words.loading);
    try {
      const [record, revisions] = await Promise.all([
        fetchItem(this.#door, item.id),
        fetchRevisions(this.#door, item.id).catch(() => []),
      ]);
      // Withdrawn, or changed again, while the answer was on its way.
      if (this.#isGone || this.#revision !== item.revision) return;
      setText(this.#notice, "");
      this.#showText(record, voice);
      this.#showVersions(item.id, revisions, voice);
    } catch (error) {
      if (this.#isGone || this.#revision !== item.revision) return;
      this.#revision = 0;
      this.#clear(toFailure(error, voice));
      if (isGoneAnswer(error)) this.#onGone();
    }
  }

  #clear(notice: string): void {
    this.#text.replaceChildren();
    this.#versions.replaceChildren();
    setText(this.#notice, notice);
  }

  #showText(record: Item, { words }: Voice): void {
    const text = record.bodyText ?? record.summary ?? record.lead ?? "";
    const paragraphs = text === "" ? [] : text.split("\n\n");
    const attributes = record.language === undefined ? {} : { lang: record.language };
    const nodes: HTMLElement[] = [];
    if (record.byline !== undefined) nodes.push(make("p", { part: "byline", text: record.byline }));
    nodes.push(...paragraphs.map((paragraph) => make("p", { text: paragraph, attributes })));
    if (paragraphs.length === 0) nodes.push(make("p", { part: "byline", text: words.noText }));
    const link = toHttpUrl(record.link);
    if (link !== undefined) {
      const rel = { href: link, rel: "noopener noreferrer", target: "_blank" };
      const name = record.credit ?? new URL(link).hostname;
      nodes.push(make("p", {}, make("a", { part: "source", text: words.atSource(name), attributes: rel })));
    }
    this.#text.replaceChildren(...nodes);
  }

  #showVersions(id: string, revisions: readonly RevisionEntry[], voice: Voice): void {
    this.#versions.replaceChildren();
    if (revisions.length < 2) return;
    const rows = revisions.map((revision, index) =>
      this.#toVersion(id, [revision, revisions[index + 1]], voice),
    );
    this.#versions.append(make("h4", { text: voice.words.versions }), make("ol", {}, ...rows));
  }

  #toVersion(
    id: string,
    pair: [RevisionEntry, RevisionEntry | undefined],
    { words, times }: Voice,
  ): HTMLElement {
    const [revision, before] = pair;
    const at = revision.versionCreated ?? revision.receivedAt;
    const time = make("time", { text: times.clock(at), attributes: { datetime: at, title: times.full(at) } });
    const row = make("li", {}, time, make("span", { text: toVersionName(revision, before, words) }));
    if (before === undefined) return row;
    const button = make("button", {
      text: words.whatChanged,
      attributes: { type: "button", "aria-expanded": "false" },
    });
    const diff = make("div", { part: "diff" });
    diff.hidden = true;
    button.addEventListener("click", () => {
      diff.hidden = !diff.hidden;
      button.setAttribute("aria-expanded", String(!diff.hidden));
      if (diff.hidden || diff.childElementCount > 0) return;
      void this.#showDiff(diff, { id, from: before.revision, to: revision.revision }, words.cannotLoad);
    });
    row.append(button, diff);
    return row;
  }

  async #showDiff(
    target: HTMLElement,
    between: { id: string; from: number; to: number },
    failure: string,
  ): Promise<void> {
    try {
      const diff = await fetchDiff(this.#door, between.id, between);
      if (this.#isGone) return;
      target.replaceChildren(...[diff.headline, diff.bodyText].filter(hasChange).map(toDiffParagraph));
    } catch {
      target.replaceChildren(make("p", { text: failure }));
    }
  }
}

function hasChange(runs: readonly DiffRun[]): boolean {
  return runs.some((run) => run.mark !== "same");
}

/** `ins` and `del` are spoken by screen readers; the sheet gives them more than a colour. */
export function toDiffParagraph(runs: readonly DiffRun[]): HTMLElement {
  const tags = { same: "span", added: "ins", removed: "del" } as const;
  return make("p", {}, ...runs.map((run) => make(tags[run.mark], { text: run.text })));
}

function toVersionName(
  revision: RevisionEntry,
  before: RevisionEntry | undefined,
  words: Voice["words"],
): string {
  if (before === undefined) return words.firstVersion;
  const note = revision.correctionNote === undefined ? "" : ` ${revision.correctionNote}`;
  return revision.change === "correction" ? words.corrected + note : words.updated;
}

function toNotice(reason: RemoveReason, { words }: Voice): string {
  switch (reason) {
    case "killed":
      return words.withdrawn;
    case "held":
    case "embargoed":
      return words.beingChecked;
    case "expired":
    case "retired":
    case "moved":
      return words.leftLine;
  }
}

function isGoneAnswer(error: unknown): boolean {
  return error instanceof CallError && (error.status === 410 || error.status === 404);
}

function toFailure(error: unknown, { words }: Voice): string {
  if (error instanceof CallError && error.status === 410) return words.withdrawn;
  if (error instanceof CallError && error.status === 404) return words.beingChecked;
  return words.cannotLoad;
}
