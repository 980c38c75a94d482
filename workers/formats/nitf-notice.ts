import type { ActOn } from "../../src/contract/draft.ts";
import type { PubStatus } from "../../src/contract/item.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { attributeOf, type XmlElement } from "../text/xml.ts";
import { readStatus } from "./compose.ts";
import { toGuidBase, toUsableId } from "./guid.ts";

/** What a document says of other documents. */
export interface NitfNotice {
  actsOn: ActOn[];
  noticeOnly: boolean;
}

export interface NitfWords {
  guid: string | undefined;
  guidBase: string | undefined;
  version: string | undefined;
  status: string | undefined;
  slug: string;
  headline: string;
  text: string;
}

/** A notice is short; a text as long as this is a story, also when it replaces another one. */
const LONGEST_NOTICE = 600;
const WITHDRAWS =
  /\b(?:kill|withdraw(?:n|al|s)?|retract(?:ed|ion|s)?|annul(?:led|ation|é|iert)?|cancell?ed|disregard|do not use|nicht verwenden)\b|zurückgezogen|zurückzuziehen|gestrichen|storniert/iu;

/** Kills and holds of other documents: by reference, or, where NITF's status is not used, in words (KIL2). */
export function readNitfNotice(docdata: XmlElement | undefined, words: NitfWords): NitfNotice | undefined {
  const { slug, headline, text } = words;
  const inWords = readWireNotice({ slug, heads: [headline], text });
  const target = toTarget(attributeOf(docdata, "management-doc-idref"), words);
  const own = readStatus(words.status);
  if (target !== undefined) {
    const status = toActStatus(
      attributeOf(docdata, "management-idref-status"),
      own.pubStatus,
      inWords?.status,
    );
    // A newer version that names the one before it replaces it: no withdrawal.
    const isOwn = target.guid === (words.guidBase ?? words.guid) && own.pubStatus === "usable";
    if (status === undefined || (isOwn && inWords === undefined)) return undefined;
    const isShort = text.length < LONGEST_NOTICE && WITHDRAWS.test(`${headline}\n${text}`);
    const noticeOnly = text === "" || isShort || inWords !== undefined || own.pubStatus !== "usable";
    return { actsOn: [{ ...target, status }], noticeOnly };
  }
  if (own.written || inWords === undefined || inWords.slugs.length === 0) return undefined;
  return {
    actsOn: inWords.slugs.map((named) => ({ slug: named, status: inWords.status })),
    noticeOnly: true,
  };
}

function toActStatus(
  written: string | undefined,
  own: PubStatus,
  inWords: PubStatus | undefined,
): PubStatus | undefined {
  const status = readStatus(written);
  if (!status.written) return own === "usable" ? inWords : own;
  if (status.embargoed) return "withheld";
  // No source releases what was held or killed by naming it from another document.
  return status.pubStatus === "usable" ? undefined : status.pubStatus;
}

/** The reference may carry the version: `id:version`, where the document's own id has none or its own. */
function toTarget(
  reference: string | undefined,
  { guid, guidBase, version }: NitfWords,
): { guid: string; sourceVersion?: string } | undefined {
  const id = toUsableId(reference);
  if (id === undefined) return undefined;
  const urn = toGuidBase(id, undefined);
  if (urn !== undefined) return { guid: urn, sourceVersion: /(\d+)[A-Z]?$/iu.exec(id)?.[1] ?? "" };
  const parts = /^(.*\d{4}.*):(\d{1,4})$/u.exec(id);
  const [, base, number] = parts ?? [];
  if (base === undefined || number === undefined) return { guid: id };
  const colons = (text: string) => text.split(":").length;
  const isVersioned =
    guid === undefined || guidBase !== undefined || version === undefined || colons(id) > colons(guid);
  return isVersioned ? { guid: base, sourceVersion: String(Number(number)) } : { guid: id };
}
