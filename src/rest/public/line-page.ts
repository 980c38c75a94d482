import { setTimeout as sleep } from "node:timers/promises";
import { NewsLineError } from "../../contract/errors.ts";
import type { Audience } from "../../contract/names.ts";
import type { Edition } from "../../store/keys.ts";
import { type Cursor, toCursor } from "../../stream/cursor.ts";
import type { Standing } from "../../stream/display-order.ts";
import { type ItemText, type LineView, WINDOW } from "../../stream/line-view.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { readTexts } from "../../stream/load.ts";

export interface PageQuery {
  audience: Audience;
  line: string;
  limit: number;
  before?: Cursor;
  /** At most so urgent a number. */
  urgency?: number;
  /** In headline, lead or slugline, without regard to case, among the newest. */
  q?: string;
}

export interface Page {
  line: string;
  position: string;
  count: number;
  /** JSON of each item. */
  items: string[];
  next: string | null;
}

/** How far down one page looks for items that match; the cursor goes on from there. */
const MOST_LOOKED_AT = 3_000;
const READ_AT_ONCE = 500;
const TRIES = 20;
const PAUSE_MS = 20;

/**
 * A page of a line, exact at the position it names. What is below the window is read from the store; if the store
 * is ahead by then, the page is made again from where the view has got to. `use` runs in the step in which the page is
 * exact.
 */
export async function readPage<T>(
  { views, edition }: { views: LineViews; edition: Edition },
  query: PageQuery,
  use: (page: Page) => T,
): Promise<T> {
  const borrowed = new Map<string, ItemText>();
  const search = query.q === undefined || query.q === "" ? undefined : toFolded(query.q);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const view = views.find(query.audience, query.line);
    const found = collect(view, { ...query, search, borrowed });
    if (found.lacking.length === 0) {
      const { line, position, count } = view;
      return use({ line, position, count, items: found.items, next: found.next });
    }
    if (found.lacking.some((id) => borrowed.has(id))) await sleep(PAUSE_MS);
    for (const [id, text] of await readTexts(edition, view.channel, found.lacking)) borrowed.set(id, text);
  }
  throw new NewsLineError("unavailable");
}

interface Search extends Pick<PageQuery, "limit" | "before" | "urgency"> {
  search: string | undefined;
  borrowed: ReadonlyMap<string, ItemText>;
}

function collect(view: LineView, query: Search): { items: string[]; lacking: string[]; next: string | null } {
  const { order } = view;
  const items: string[] = [];
  const lacking: string[] = [];
  const start = query.before === undefined ? 0 : order.indexBelow(query.before);
  const end = query.search === undefined ? order.size : Math.min(order.size, WINDOW);
  const last = Math.min(end, start + MOST_LOOKED_AT);
  const isFiltered = query.search !== undefined || query.urgency !== undefined;
  const mostLacking = isFiltered ? READ_AT_ONCE : query.limit;
  let index = start;
  for (; index < last && items.length < query.limit && lacking.length < mostLacking; index += 1) {
    const standing = order.at(index);
    if (standing === undefined) break;
    const text = textOf(view, standing, query.borrowed);
    if (text === undefined) lacking.push(standing.id);
    else if (isWanted(text, query)) items.push(text.json);
  }
  const below = order.at(index - 1);
  return { items, lacking, next: index < end && below !== undefined ? toCursor(below) : null };
}

function textOf(
  view: LineView,
  standing: Standing,
  borrowed: ReadonlyMap<string, ItemText>,
): ItemText | undefined {
  const kept = view.text(standing);
  if (kept !== undefined) return kept;
  const text = borrowed.get(standing.id);
  return text?.revision === standing.revision ? text : undefined;
}

function isWanted(text: ItemText, { urgency, search }: Search): boolean {
  if (urgency === undefined && search === undefined) return true;
  text.facts ??= toFacts(text.json);
  if (urgency !== undefined && text.facts.urgency > urgency) return false;
  return search === undefined || text.facts.folded.includes(search);
}

interface Searched {
  urgency: number;
  headline: string;
  lead?: string;
  slugline?: string;
}

function toFacts(json: string): { urgency: number; folded: string } {
  const { urgency, headline, lead = "", slugline = "" }: Searched = JSON.parse(json);
  return { urgency, folded: toFolded(`${headline}\n${lead}\n${slugline}`) };
}

/** Upper case first: it joins what lower case keeps apart, such as ß and ss, ı and i. */
function toFolded(text: string): string {
  const folded = text.normalize("NFC").toUpperCase().toLowerCase();
  return folded.replaceAll("i\u0307", "i").replaceAll("ς", "σ");
}
