import type { PubStatus } from "../../src/contract/item.ts";
import { cleanSlug, parseSlug, toStoryKey } from "./wire-slug.ts";

/** Where a wire without a status field can say that a story is withdrawn or held (KIL2). */
interface WireWords {
  slug: string;
  /** A wire's notes to editors: there an order is meant, but `hold` may be an embargo. */
  edNotes?: readonly string[];
  /** Take lines and headline. */
  heads: readonly string[];
  text: string;
}

/** A withdrawal or a hold that knows the other story by its slug only. */
export interface WireNotice {
  status: Extract<PubStatus, "withheld" | "canceled">;
  /** Empty when nothing names the story: then only an editor can tell which it is. */
  slugs: string[];
}

const CALL = "(?:(?:bulletin|urgent|mandatory|editors?|attention|achtung|eil|flash|advisory)[\\s:,!*+-]+)*";
const ACT = "kill|hold|withhold|withdraw(?:al|n)?|elimination|annulation|anulad[ao]|zurückgezogen|rückzug";
/** `KILL`, `BULLETIN KILL: …`, `MANDATORY KILL - …`; in capitals, since "Hold: …" may be a headline. */
const HEAD = new RegExp(
  `^[\\s*+=!(\\[]*${CALL}(?<act>${ACT})(?:[\\s!*+]+(?:${ACT}|mandatory|notice|note|advisory|order))*(?<rest>\\s*(?:$|[:!–—/)\\]*+=-]).*)$`,
  "iu",
);
const NOTE = new RegExp(`^[\\s*+=!(\\[]*${CALL}(?<act>${ACT})\\s+(?:note|notice|advisory|order)\\b`, "iu");
/** Told to editors: what is to be done with a story. */
const ORDER = new RegExp(
  "^[\\s*+=!(\\[]*(?:(?:eds?|editors?|attention editors|clients|subscribers)\\s?[.:,–—-]+\\s*)?(?:please |kindly )?" +
    "(?<act>kill|withdraw|withhold|hold|disregard|do not use|do not publish)\\s+(?:and (?:withdraw|disregard|kill)\\s+)?" +
    "(?:the |our |all |this |item |story |versions? |of |immediately |previous |earlier )*(?:story|item|versions?|report|slug(?:ged|line)?|(?:am|pm|bc|ap)-\\S)",
  "iu",
);
/** The same told of the story: `The story slugged port-ships has been killed.` */
const PASSIVE =
  /^[\s*+=!([]*(?:(?:eds?|editors?|attention editors)\s?[.:,–—-]+\s*)?(?:the |our |this )?[^.!?\n]{0,160}?\b(?:story|item|report|version)\b[^.!?\n]{0,160}?\b(?:has|have) been (?<act>killed|eliminated|withdrawn|withheld)\b/iu;
/** What comes with a notice is no story. */
const SHORT = 600;
const ACT_IN_TAKE = new RegExp(`(?:${ACT})$`, "iu");
const IN_TEXT = /\bslug(?:ged|line)?\b[:,]?\s+["“'‘`]*(?<slug>[\p{L}\p{N}][\p{L}\p{N}/.'-]*[\p{L}\p{N}])/giu;
const BY_PREFIX = /(?<![\p{L}\p{N}])(?<slug>(?:am|pm|bc|ap)-[\p{L}\p{N}][\p{L}\p{N}/-]*[\p{L}\p{N}])/giu;

/** Whether a take says that a story is withdrawn or held. */
export function isAct(take: string): boolean {
  return new RegExp(`^(?:(?:mandatory|bulletin|urgent)[\\s-]+)?(?:${ACT})$`, "iu").test(take);
}

/** Tells a notice from a story. Undefined when nothing says that it is one. */
export function readWireNotice(words: WireWords): WireNotice | undefined {
  const act = findAct(words);
  if (act === undefined) return undefined;
  const status = /^(?:with)?h[eo]ld/iu.test(act) ? "withheld" : "canceled";
  return { status, slugs: findSlugs(words) };
}

function findAct(words: WireWords): string | undefined {
  return findActInStory(words) ?? (words.text.length < SHORT ? findInNotes(words.edNotes ?? []) : undefined);
}

/** A story may come with "please disregard earlier versions": it replaces them itself. */
function findInNotes(edNotes: readonly string[]): string | undefined {
  return edNotes
    .filter((note) => !/\b(?:previous|earlier|older|other) (?:versions?|stor(?:y|ies))\b/iu.test(note))
    .map(findOrder)
    .find((act) => act !== undefined && /^(?:kill|withh|withdr|elim)/iu.test(act));
}

function findActInStory({ slug, heads, text }: WireWords): string | undefined {
  const order = findOrder(text);
  const inSlug = findInSlug(slug, order !== undefined);
  if (inSlug !== undefined) return inSlug;
  const inHead = heads.map(findInHead).find((found) => found !== undefined);
  return inHead ?? (order !== undefined && isToEditors(text) ? order : undefined);
}

/** "Do not use the item, the agency said" is advice to readers. */
function isToEditors(text: string): boolean {
  const start = text.trimStart().slice(0, 300);
  return (
    /^[\s*+=!([]*(?:eds?|attention|editors?|clients|subscribers)\b/iu.test(start) ||
    /\bslug(?:ged|line)?\b|(?<![\p{L}\p{N}])(?:am|pm|bc|ap)-{1,2}[\p{L}\p{N}]/iu.test(start)
  );
}

/**
 * Among a slug's words it may be news (`crime/kill`, `POLICE KILL`): then it counts only in capitals that stand out,
 * or when the text says the same.
 */
function findInSlug(slug: string, isOrdered: boolean): string | undefined {
  const { base, takes } = parseSlug(slug);
  const take = takes.find((one) => ACT_IN_TAKE.test(one));
  if (take === undefined) return undefined;
  const isApart = /[,/:]/u.test(cleanSlug(slug)) || base === "" || /\p{Ll}/u.test(base);
  const standsOut = isApart && take === take.toUpperCase();
  return standsOut || isOrdered ? ACT_IN_TAKE.exec(take)?.[0] : undefined;
}

function findInHead(head: string): string | undefined {
  const note = NOTE.exec(head)?.groups?.["act"];
  if (note !== undefined) return note;
  const groups = HEAD.exec(head)?.groups;
  const act = groups?.["act"];
  return act !== undefined && act === act.toUpperCase() ? act : undefined;
}

function findOrder(text: string): string | undefined {
  const start = text.trimStart().slice(0, 300);
  const passive = start.includes(" been ") ? PASSIVE.exec(start) : null;
  return (ORDER.exec(start) ?? passive)?.groups?.["act"];
}

/** Its own slug and every one that its words name. */
function findSlugs({ slug, heads, text, edNotes = [] }: WireWords): string[] {
  const own = slug;
  const inHeads = heads
    .map((head) =>
      /^[\s:!–—/)\]*+=-]*(?<slug>[^\s]+[-/][^\s]+)$/u.exec(HEAD.exec(head)?.groups?.["rest"] ?? ""),
    )
    .map((found) => found?.groups?.["slug"]);
  const words = [...heads, ...edNotes, text.slice(0, 2000)].join("\n");
  const named = [...words.matchAll(IN_TEXT), ...words.matchAll(BY_PREFIX)].map(
    (found) => found.groups?.["slug"],
  );
  const slugs = [own, ...inHeads, ...named].flatMap((one) => (one === undefined ? [] : [toStoryKey(one)]));
  return [...new Set(slugs.filter((one) => one !== "" && !/^(?:story|item|advisory|editors?)$/iu.test(one)))];
}
