import type { Note } from "../../src/contract/draft.ts";
import { hasHabit } from "../text/habits.ts";
import { bestHeadline, toRoleWord } from "./best-headline.ts";
import type { RawStory } from "./compose.ts";
import { composeStories } from "./compose-stories.ts";
import { type FormatReader, type FormatReading, isRecord, parseJson, type WireDocument } from "./format.ts";
import { toGuidBase, toReferences, toUsableId } from "./guid.ts";
import { JSON_LIMITS, refuseMany } from "./limits.ts";
import {
  bodyOf,
  headlinesOf,
  type Ninjs,
  recordsIn,
  textIn,
  textOrOddityIn,
  textsIn,
  variantsOf,
} from "./ninjs-fields.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { changeInNotes, toSignalChange } from "./signals.ts";

/** What only ninjs has, in one version or another. */
const MARKS = [
  "versioncreated",
  "versionCreated",
  "pubstatus",
  "pubStatus",
  "$standard",
  "standard",
  "representationtype",
  "representationType",
  "body_xhtml",
  "body_html",
  "body_text",
  "bodies",
  "headlines",
  "firstcreated",
  "headline",
];
const MEDIA = /^(?:picture|photo|image|graphic|video|audio|animation)$/u;
const NO_STORY = /^(?:event|planning|package|component|concept)$/u;
/** Lists in which servers wrap what they deliver. */
const LISTS = ["items", "_items", "hits", "results", "data"];

const ORIGINS: Origins = {
  guid: "uri, else guid",
  guidBase: "the id without its version",
  sourceVersion: "version",
  supersedes: "evolvedfrom, revisions and the like",
  status: "pubstatus",
  change: "signals, or the first words of ednote",
  headline: "headline, headlines or headline_*: role main first",
  slugline: "slugline",
  byline: "byline, by",
  dateline: "dateline",
  summary: "description_* or descriptions",
  lead: "a body of role lead",
  body: "bodies or body_*, HTML before plain text",
  subjects: "subject, subjects, keywords",
  subjectCodes: "the codes of subject, subjects",
  language: "language",
  link: "url",
  urgency: "urgency",
  edNotes: "ednote",
  firstCreated: "firstcreated",
  versionCreated: "versioncreated",
  embargoed: "embargoed, embargoedUntil",
  expires: "expires",
};

/** ninjs 1.x, 2.x, 3.x and the dialect with `guid`: read leniently, by what is there and not by its version. */
export const ninjs: FormatReader = {
  format: "ninjs",
  limits: JSON_LIMITS,
  sniff: ({ json }) => {
    const [first] = itemsOf(json);
    return first !== undefined && isNinjs(first);
  },
  mediaTypes: ["application/vnd.iptc.ninjs+json", "application/ninjs+json"],
  read,
};

function read(document: WireDocument): FormatReading {
  const stories: RawStory[] = [];
  const notes: Note[] = [];
  const items = itemsOf(document.json ?? parseJson(document.text));
  refuseMany(items);
  for (const item of items) {
    const why = whyNoStory(item);
    if (why === undefined) stories.push(tellItem(item, document));
    else notes.push({ field: "item", rule: `left out: ${why} (${idOf(item) ?? "no id"})` });
    notes.push(...associationNotes(item));
  }
  if (stories.length === 0 && notes.length === 0) notes.push({ field: "items", rule: "holds no item" });
  return composeStories(stories, document, notes);
}

function itemsOf(json: unknown): Ninjs[] {
  if (Array.isArray(json)) return json.filter(isRecord);
  if (!isRecord(json)) return [];
  if (isNinjs(json)) return [json];
  const list = LISTS.map((name) => json[name]).find(Array.isArray);
  if (list !== undefined) return list.filter(isRecord);
  // ninjs 1.0 requires nothing, not even an id: where the profile says that it is one, it is.
  return hasMark(json) ? [json] : [];
}

function hasMark(item: Ninjs): boolean {
  return MARKS.some((name) => Object.hasOwn(item, name));
}

function isNinjs(item: Ninjs): boolean {
  const hasId = ["uri", "guid", "altids", "altIds"].some((name) => Object.hasOwn(item, name));
  const isTyped = typeof item["type"] === "string" && Object.hasOwn(item, "version");
  // Its only required field is the uri.
  return (
    (hasId && (hasMark(item) || isTyped)) || (typeof item["uri"] === "string" && Object.keys(item).length < 4)
  );
}

export function associationNotes(item: Ninjs): Note[] {
  const count = recordsIn(item, "associations").length;
  return count === 0
    ? []
    : [{ field: "associations", rule: `${count} left out: media and links of a story` }];
}

/** A story is of class text or of none, or a composite with a body. */
export function whyNoStory(item: Ninjs): string | undefined {
  const type = toRoleWord(textIn(item, "type"));
  if (MEDIA.test(type)) return `of type ${type}`;
  if (NO_STORY.test(type)) return `of type ${type}`;
  return type === "composite" && bodyOf(item, true).body === undefined
    ? "a composite without a text"
    : undefined;
}

/** An address that carries a request token differs with every request: it is no id. */
const TOKEN = /[?&](?:[\w-]*token|qt|et|key|api_?key|sig(?:nature)?|expires?|session\w*|auth\w*)=/iu;

function idOf(item: Ninjs): string | undefined {
  const uri = toUsableId(textIn(item, "uri"));
  if (uri !== undefined && !TOKEN.test(uri)) return uri;
  return toUsableId(textIn(item, "guid")) ?? toUsableId(textIn(item, "_id", "id"));
}

export function tellItem(item: Ninjs, { profile }: WireDocument): RawStory {
  const guid = idOf(item);
  const version = textIn(item, "version")?.trim();
  const language = textIn(item, "language");
  const edNotes = [
    ...textsIn(item, "ednote"),
    ...textsIn(item, "edNote", "value"),
    ...textsIn(item, "ednotes", "value"),
  ];
  const signals = toSignalChange(
    [
      ...textsIn(item, "signals", "code", "name", "uri", "updatetype"),
      ...textsIn(item, "signal", "code", "qcode", "name"),
    ],
    version,
    profile,
  );
  const story: RawStory = {
    guid,
    guidBase: toGuidBase(guid, version),
    sourceVersion: version,
    supersedes: toReferences(supersededBy(item), { guid, guidBase: toGuidBase(guid, version) }),
    status: textOrOddityIn(item, "pubstatus", "pubStatus"),
    change: signals.change ?? changeInNotes(edNotes, profile),
    headline: bestHeadline(headlinesOf(item), language),
    title: textIn(item, "title", "name"),
    ...bodyOf(item, hasHabit(profile, "hard-wrap")),
    summary: summaryOf(item),
    byline: bylineOf(item),
    dateline: textsIn(item, "dateline", "text", "value")[0],
    slugline: textIn(item, "slugline"),
    subjects: [
      ...textsIn(item, "subject", "name"),
      ...textsIn(item, "subjects", "name"),
      ...textsIn(item, "keywords", "name"),
    ],
    subjectCodes: [
      ...textsIn(item, "subject", "code", "qcode", "uri"),
      ...textsIn(item, "subjects", "code", "qcode", "uri"),
    ],
    language,
    link: textIn(item, "url", "canonicalurl", "link"),
    urgency: textIn(item, "urgency"),
    edNotes,
    firstCreated: textIn(item, "firstcreated", "firstCreated"),
    versionCreated: textIn(item, "versioncreated", "versionCreated"),
    embargoed: textOrOddityIn(item, "embargoed", "embargoedUntil", "embargoeduntil"),
    expires: textIn(item, "expires"),
    notes: [...signals.notes, ...partialNote(item)],
  };
  return withOrigins(story, ORIGINS);
}

function bylineOf(item: Ninjs): string | undefined {
  const lines = ["byline", "by", "bylines"].map((name) =>
    textsIn(item, name, "by", "byline", "name", "value"),
  );
  return lines.find((found) => found.length > 0)?.join(", ");
}

/** 1.x: `description_text` and the like; from 2.x on `descriptions`, each with its role. Captions are no summary. */
function summaryOf(item: Ninjs): string | undefined {
  const listed = recordsIn(item, "descriptions").map((one) => ({
    role: toRoleWord(textIn(one, "role")),
    text: textIn(one, "value") ?? "",
  }));
  return [...listed, ...variantsOf(item, "description")].find(
    ({ role, text }) => text.trim() !== "" && !role.includes("caption"),
  )?.text;
}

function supersededBy(item: Ninjs): string[] {
  const revisions = recordsIn(item, "revisions").filter((revision) => revision["replacing"] !== false);
  return [
    ...["evolvedfrom", "evolvedFrom", "supersedes", "replaces", "rewrite_of"].flatMap((name) =>
      textsIn(item, name, "uri", "guid"),
    ),
    ...revisions.flatMap((revision) => textIn(revision, "uri", "guid") ?? []),
  ];
}

function partialNote(item: Ninjs): Note[] {
  const type = textIn(item, "representationtype", "representationType");
  const isPartial = type === "incomplete" || type === "partial";
  return isPartial ? [{ field: "bodyText", rule: `the source says that the item is ${type}` }] : [];
}
