import { toHash } from "./keys.ts";
import type { Content } from "./record.ts";

/** For comparing only; what is stored and shown is the link as written. */
export function toNormalLink(link: string): string {
  if (!URL.canParse(link)) return link;
  const url = new URL(link);
  url.hash = "";
  const tracking = [...url.searchParams.keys()].filter((name) => /^utm_/iu.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  return `${url.host.replace(/^www\./u, "")}${url.pathname.replace(/\/+$/u, "")}${url.search}`;
}

/** Hashes by which a killed item's text or link is known again under a new id (KIL1). */
export function toKilledFields(content: Content | null): string[] {
  if (content === null) return [];
  const text = toComparable(content.bodyText ?? content.summary ?? content.headline);
  const fields = [`text:${toHash(text)}`];
  if (content.link !== undefined) fields.push(`link:${toHash(toNormalLink(content.link))}`);
  return fields;
}

/** NFC, with blanks, quotes and dashes folded: only for comparing (REV2). */
export function toComparable(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\u00a0]+/gu, " ")
    .replace(/[\u2018\u2019\u201a\u201b\u2032`´]/gu, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]/gu, '"')
    .replace(/[\u2010-\u2015\u2212]/gu, "-")
    .trim();
}
