import type { Note, Reading } from "../src/contract/draft.ts";
import { NewsLineError } from "../src/contract/errors.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import { MOST_DELIVERY_BYTES } from "../src/store/deliveries.ts";
import { agencyPage } from "./formats/agency-page.ts";
import { anpa1312 } from "./formats/anpa-1312.ts";
import { apJson } from "./formats/ap-json.ts";
import { atom } from "./formats/atom.ts";
import {
  type FormatReader,
  parseJson,
  type Sniffed,
  unreadable,
  type WireDocument,
} from "./formats/format.ts";
import { iptc7901 } from "./formats/iptc-7901.ts";
import { jsonFeed } from "./formats/json-feed.ts";
import { checkBytes, checkLength, checkLimits, createWorkload } from "./formats/limits.ts";
import { newsml1 } from "./formats/newsml-1.ts";
import { newsmlG2 } from "./formats/newsml-g2.ts";
import { ninjs } from "./formats/ninjs.ts";
import { nitf } from "./formats/nitf.ts";
import { release } from "./formats/release.ts";
import { rss } from "./formats/rss.ts";
import { text } from "./formats/text.ts";
import { tickerList } from "./formats/ticker-list.ts";
import { zczc } from "./formats/zczc.ts";
import { decodeBytes, dropControls, isBlank } from "./text/decode.ts";
import { refuseMail } from "./text/mail.ts";
import { rootName } from "./text/xml.ts";

/**
 * Every format that is read, one row each. When sniffing, the first row that knows the document reads it: what a
 * root element or a JSON key proves comes before what is known by habits of plain text.
 */
const READERS: readonly FormatReader[] = [
  rss,
  atom,
  jsonFeed,
  newsmlG2,
  newsml1,
  nitf,
  apJson,
  ninjs,
  anpa1312,
  iptc7901,
  zczc,
  release,
  tickerList,
  agencyPage,
  text,
];

export interface ReadOptions {
  contentType?: string;
  profile: SourceProfile;
  receivedAt?: string;
  /** Where the document was fetched from or what it is called. */
  address?: string;
}

/** Bytes to drafts. Refuses with a sentence what is in no known format or is broken. */
export function readDocument(bytes: Uint8Array, options: ReadOptions): Reading {
  const { contentType, profile, receivedAt, address } = options;
  if (bytes.length > MOST_DELIVERY_BYTES) {
    throw new NewsLineError("too_large", {
      message: "A document may have 15 MB. Send fewer stories at a time.",
    });
  }
  checkBytes(bytes);
  const decoded = decodeBytes(bytes, contentType);
  checkLength(decoded.text);
  if (isBlank(decoded.text)) throw unreadable("The document is empty.");
  const document: WireDocument = {
    text: decoded.text,
    profile,
    workload: createWorkload(),
    ...(contentType !== undefined && { contentType }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(address !== undefined && { address }),
  };
  const { reader, json } = pickReader(document);
  checkLimits(decoded.text, reader.limits);
  const text = reader.keepsControls ? decoded.text : dropControls(decoded.text);
  const { drafts, notes } = reader.read({ ...document, text, json });
  const charsetNotes = decoded.notes.map((rule): Note => ({ field: "charset", rule }));
  return { format: reader.format, drafts, notes: [...charsetNotes, ...notes] };
}

/** The profile's word counts first, then what the document is, then what it is called. */
function pickReader(document: WireDocument): { reader: FormatReader; json?: unknown } {
  const { format } = document.profile;
  if (format !== "auto") {
    const named = READERS.find((reader) => reader.format === format);
    if (named === undefined) {
      throw new NewsLineError("unknown_format", { message: `The format ${format} is not read yet.` });
    }
    if (named === agencyPage || named === text) refuseMail(document.text);
    return { reader: named };
  }
  const sniffed = sniff(document);
  const found =
    READERS.find((reader) => reader.sniff(sniffed, document)) ??
    READERS.find((reader) => reader.mediaTypes?.includes(sniffed.mediaType));
  if (found === undefined || found === agencyPage || found === text) refuseMail(document.text);
  if (found === undefined) throw unknownFormat(sniffed);
  return { reader: found, json: sniffed.json };
}

function sniff(document: WireDocument): Sniffed {
  const mediaType = (document.contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const head = document.text.slice(0, 4000).trimStart();
  return {
    head,
    mediaType,
    root: rootName(dropControls(document.text.slice(0, 100_000))),
    json: looksLikeJson(head, mediaType) ? parseJson(document.text) : undefined,
  };
}

function looksLikeJson(head: string, mediaType: string): boolean {
  return /^[{[]/u.test(head) && (/^(?:\{|\[\s*[{"\]])/u.test(head) || /[/+]json$/u.test(mediaType));
}

function unknownFormat({ root, json }: Sniffed): NewsLineError {
  if (root === undefined && json === undefined) return new NewsLineError("unknown_format");
  const what = root === undefined ? "This JSON" : `XML with the root element <${root}>`;
  return new NewsLineError("unknown_format", {
    message: `${what} is in no format that is read here. docs/formats.md lists them; a source profile can name one.`,
  });
}
