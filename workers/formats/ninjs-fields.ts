import { hasTags } from "../text/html.ts";
import type { HeadlineCandidate } from "./best-headline.ts";
import { toRoleWord } from "./best-headline.ts";
import type { RawBody } from "./compose.ts";
import { isRecord } from "./format.ts";
import { joinBodies, toTextBody } from "./xml-body.ts";

/** One ninjs object, of whatever version. */
export type Ninjs = Readonly<Record<string, unknown>>;

/** The first of the names that has a value; numbers as text. `null` is as good as absent, an empty text is not. */
export function textIn(object: Ninjs, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

/** Where a value of a wrong type must not pass for none: an embargo or a status that cannot be read withholds. */
export function textOrOddityIn(object: Ninjs, ...names: readonly string[]): string | undefined {
  const value = names
    .map((name) => (Object.hasOwn(object, name) ? object[name] : undefined))
    .find(isSomething);
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value).slice(0, 60);
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** The objects of a list, or of an object that is used as one. */
export function recordsIn(object: Ninjs, name: string): Ninjs[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  if (Array.isArray(value)) return value.filter(isRecord);
  return isRecord(value) ? Object.values(value).filter(isRecord) : [];
}

/** Texts of a list that holds texts, or objects with one of these fields. */
export function textsIn(object: Ninjs, name: string, ...fields: readonly string[]): string[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => {
    const text = isRecord(one) ? textIn(one, ...fields) : one;
    return typeof text === "string" && text.trim() !== "" ? [text] : [];
  });
}

/** 1.x: `headline` and `headline_<role>`; from 2.x on `headlines`, each with its role. */
export function headlinesOf(item: Ninjs): HeadlineCandidate[] {
  const named = variantsOf(item, "headline").map(({ role, text }) => ({ text, role }));
  const listed = recordsIn(item, "headlines").map((one) => ({
    text: textIn(one, "value", "text") ?? "",
    role: textIn(one, "role"),
    language: textIn(one, "language", "lang"),
  }));
  // Its other headlines are variants of this one, whatever they are called.
  return [{ text: textIn(item, "headline") ?? "", role: "main" }, ...listed, ...named];
}

interface Part {
  role: string;
  type: string;
  text: string;
}

const LEAD = /^(?:lead|lede|intro|ingress|preamble|standfirst)$/u;
const NO_BODY = /caption|summary|abstract|description|teaser|note|byline|dateline|headline/u;

/**
 * Story text: `bodies` or any `body_*`. HTML says more than plain text; a lead in a part of its own comes first
 * unless the text begins with it (TXT2).
 */
export function bodyOf(item: Ninjs, joinWraps: boolean): { body?: RawBody; lead?: string } {
  const parts = [...listedParts(item), ...namedParts(item)].filter(({ text }) => text.trim() !== "");
  const story = parts.filter(({ role }) => !LEAD.test(role) && !NO_BODY.test(role));
  const rank = (part: Part) => (/^(?:main|body|story|)$/u.test(part.role) ? 0 : 2) + (isHtml(part) ? 0 : 1);
  const main = story.toSorted((a, b) => rank(a) - rank(b))[0];
  const lead = parts.filter(({ role }) => LEAD.test(role)).toSorted((a, b) => rank(a) - rank(b))[0];
  const ownLead = lead !== undefined && !beginsWith(main?.text, lead.text) ? toBody(lead) : undefined;
  const body = joinBodies([ownLead, main === undefined ? undefined : toBody(main)], joinWraps);
  return { ...(body !== undefined && { body }), ...(lead !== undefined && { lead: lead.text }) };
}

function listedParts(item: Ninjs): Part[] {
  return recordsIn(item, "bodies").map((one) => ({
    role: toRoleWord(textIn(one, "role")),
    type: textIn(one, "contentType", "contenttype") ?? "",
    text: textIn(one, "value") ?? "",
  }));
}

/** The name says what kind of text it is (`body_xhtml`), sometimes what it is for (`body_lead`). */
function namedParts(item: Ninjs): Part[] {
  return variantsOf(item, "body").map(({ role, text }) => {
    const isKind = /^(?:x?html\d*|rich.*|text|plain|nitf)$/u.test(role);
    return { role: isKind ? "" : role, type: role, text };
  });
}

export function variantsOf(item: Ninjs, stem: string): { role: string; text: string }[] {
  return Object.keys(item)
    .filter((name) => name.toLowerCase().startsWith(`${stem}_`))
    .map((name) => ({ role: name.slice(stem.length + 1).toLowerCase(), text: textIn(item, name) ?? "" }));
}

function isHtml({ type, text }: Part): boolean {
  return /html|nitf|xml/iu.test(type) || (!/plain|text$/iu.test(type) && hasTags(text));
}

function toBody(part: Part): RawBody | undefined {
  return toTextBody(part.text);
}

function beginsWith(text: string | undefined, lead: string): boolean {
  const fold = (written: string) => written.replace(/<[^<>]*>|[\s\u00a0]+/gu, "");
  return fold(text ?? "").startsWith(fold(lead));
}
