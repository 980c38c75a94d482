import { toHash } from "./keys.ts";
import type { Content } from "./record.ts";

/** What is hung on a link to see who follows it: the story is the same. */
const TRACKING =
  /^(?:utm_.*|at_(?:medium|campaign|link.*)|mtm_.*|pk_.*|hsa_.*|(?:fb|g|dc|y|tt|tw)cl(?:id|src)|msclkid|igshid|mc_[ce]id|_ga|xtor|ocid|cmpid|wt_mc|ref_src)$/iu;

/** Letters and signs that mean the same whether they are written with a percent sign or not (RFC 3986, 6.2.2). */
function toPlainEscapes(text: string): string {
  return text.replace(/%[\da-f]{2}/giu, (escape) => {
    const sign = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/u.test(sign) ? sign : escape.toUpperCase();
  });
}

/** A fragment that names a post on a page, or a page of an application; others lead to a place on the same story. */
const NAMING_FRAGMENT = /^#(?:[!/].|[\w-]*\d[\w-]*$)/u;

/** For comparing only; what is stored and shown is the link as written. */
export function toNormalLink(link: string): string {
  if (!URL.canParse(link)) return link;
  const url = new URL(link);
  const tracking = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  const path = toPlainEscapes(url.pathname).replace(/\/+$/u, "");
  // Always in the same spelling: a blank may be written in two ways.
  const search = url.searchParams.toString();
  const fragment = NAMING_FRAGMENT.test(url.hash) ? url.hash : "";
  return `${url.host.replace(/^www\./u, "")}${path}${search && `?${search}`}${fragment}`;
}

/** An address without a path leads to a site, not to a story: it tells no two of them apart (REV6). */
export function isHomePage(address: string): boolean {
  if (!/^https?:/iu.test(address) || !URL.canParse(address)) return false;
  return /^[^/?#]*(?:\/+(?:index|default)\.\w{2,5})?$/iu.test(toNormalLink(address));
}

/** Hashes by which a killed item's text or link, whoever sends it, or its source's headline is known again (KIL1, REV7). */
export function toKilledFields(content: Content | null, source: string): string[] {
  if (content === null) return [];
  const text = toComparable(content.bodyText ?? content.summary ?? content.headline);
  const headline = toComparable(content.headline).toLocaleLowerCase("en");
  const fields = [`text:${toHash(text)}`, `head:${toHash(source, headline)}`];
  if (content.link !== undefined && !isHomePage(content.link))
    fields.push(`link:${toHash(toNormalLink(content.link))}`);
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
