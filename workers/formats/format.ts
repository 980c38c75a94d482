import type { Draft, Note } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { Format, SourceProfile } from "../../src/contract/profile.ts";
import { parseExactJson } from "../text/json.ts";
import { checkJsonLimits, type DocumentLimits, type Workload } from "./limits.ts";

/** One document as it came in, decoded. */
export interface WireDocument {
  /** Control characters are gone but for the formats that need them (`keepsControls`). */
  text: string;
  /** The text as JSON, when sniffing has parsed it already. */
  json?: unknown;
  contentType?: string;
  profile: SourceProfile;
  /** Where it was fetched from or what it is called: the base of relative links. */
  address?: string;
  receivedAt?: string;
  /** What its stories have cost so far. */
  workload: Workload;
}

/** What sniffing may look at, found once for all formats. */
export interface Sniffed {
  /** The first characters, blanks before them cut. Control characters are still in. */
  head: string;
  /** The XML root's local name; undefined when it is no XML. HTML has one, too, mostly `html`. */
  root: string | undefined;
  /** The parsed JSON; undefined when it is none. */
  json: unknown;
  /** Media type without parameters, lower case; empty when there is none. */
  mediaType: string;
}

/** One row of the registry: a format, how it is known, how it is read. */
export interface FormatReader {
  format: Format;
  /** True when the bytes can be nothing else: the first row that says so reads the document. */
  sniff: (sniffed: Sniffed, document: WireDocument) => boolean;
  /** Media types that decide when no content does. */
  mediaTypes?: readonly string[];
  /** True for control-character wires: their frame is made of what is dropped everywhere else. */
  keepsControls?: true;
  /** What a document may hold, counted before it is read. JSON is counted before it is parsed for sniffing. */
  limits: DocumentLimits;
  read: (document: WireDocument) => FormatReading;
}

/** How far another root is looked through for a document. */
const ENVELOPE_REACH = 20_000;

/** True when a document stands in an envelope of another make: an HTML page or a text in CDATA may talk of anything. */
export function isInEnvelope({ root }: Sniffed, { text }: WireDocument, pattern: RegExp): boolean {
  if (root === undefined || root.toLowerCase() === "html") return false;
  const head = text.slice(0, ENVELOPE_REACH);
  const found = pattern.exec(head);
  return found !== null && !head.slice(0, found.index).includes("<![CDATA[");
}

export interface FormatReading {
  drafts: Draft[];
  /** Notes that belong to no draft. */
  notes: Note[];
}

export function unreadable(message: string, cause?: unknown): NewsLineError {
  return new NewsLineError("unreadable", { message, cause });
}

export function parseJson(text: string): unknown {
  checkJsonLimits(text);
  try {
    return parseExactJson(text);
  } catch (error) {
    throw unreadable("The JSON is broken or cut off. Send one whole JSON document.", error);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
