import type { Note } from "../../src/contract/draft.ts";
import {
  childOf,
  childrenOf,
  descendantsOf,
  inherited,
  parseXmlDocuments,
  textOf,
  type XmlElement,
} from "../text/xml.ts";
import { toWords } from "../text/xml-html.ts";
import { bestHeadline } from "./best-headline.ts";
import { type RawStory, readStatus } from "./compose.ts";
import { composeStories } from "./compose-stories.ts";
import { type FormatReader, type FormatReading, isInEnvelope, type WireDocument } from "./format.ts";
import { refuseMany, XML_LIMITS } from "./limits.ts";
import { type NewsmlIds, toItemIds, toPieceIds } from "./newsml-1-ids.ts";
import { findPieces, hasHeadline, nameOf, type Piece, type Pieces } from "./newsml-1-pieces.ts";
import { fillFromHead } from "./nitf-head.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { toSignalChange } from "./signals.ts";
import { privateNotesIn } from "./xml-body.ts";

const ORIGINS: Origins = {
  guid: "PublicIdentifier, else NewsItemId or Duid",
  guidBase: "PublicIdentifier without its RevisionId",
  sharedGuid: "PublicIdentifier of an item with several stories",
  identity: "the item's id and the component's Duid",
  sourceVersion: "RevisionId",
  status: "NewsManagement/Status",
  change: "NewsManagement/Instruction",
  headline: "NewsLines/HeadLine, or a part of role Title",
  slugline: "NewsLines/SlugLine, else NameLabel",
  byline: "NewsLines/ByLine",
  dateline: "NewsLines/DateLine",
  summary: "a part of role Abstract",
  lead: "a part of role Lead",
  body: "ContentItem/DataContent",
  subjects: "NewsLines/KeywordLine",
  subjectCodes: "DescriptiveMetadata/SubjectCode",
  language: "DescriptiveMetadata/Language, or the nearest xml:lang",
  urgency: "NewsManagement/Urgency",
  edNotes: "NewsLine for editors, Comment",
  firstCreated: "NewsManagement/FirstCreated",
  versionCreated: "NewsManagement/ThisRevisionCreated",
  embargoed: "NewsManagement/StatusWillChange",
  expires: "NewsManagement/StatusWillChange",
};

/** Components nest, and each may be a story or a part of one. */
const MOST_COMPONENTS = 5_000;

/** NewsML 1.x: an envelope with items, each a tree of components. */
export const newsml1: FormatReader = {
  format: "newsml-1",
  limits: XML_LIMITS,
  sniff: (sniffed, document) =>
    sniffed.root === "NewsML" ||
    sniffed.root === "NewsItem" ||
    isInEnvelope(sniffed, document, /<(?:[\w-]+:)?NewsML[\s>]/u),
  mediaTypes: ["text/vnd.iptc.newsml", "application/vnd.iptc.newsml"],
  read,
};

function read(document: WireDocument): FormatReading {
  const roots = parseXmlDocuments(document.text);
  const items = roots.flatMap((root) =>
    root.name === "NewsItem" ? [root] : descendantsOf(root, "NewsItem"),
  );
  refuseMany(items);
  const components = roots.flatMap((root) => descendantsOf(root, "NewsComponent"));
  refuseMany(components, MOST_COMPONENTS);
  const stories: RawStory[] = [];
  const notes: Note[] = items.length > 0 ? [] : [{ field: "NewsML", rule: "holds no item" }];
  for (const item of items) {
    const told = readItem(item, document);
    stories.push(...told.stories.map((story) => withOrigins(story, ORIGINS)));
    notes.push(...told.left.map((what) => ({ field: "NewsComponent", rule: `left out: ${what}` })));
  }
  return composeStories(stories, document, notes);
}

function readItem(item: XmlElement, document: WireDocument): { stories: RawStory[]; left: string[] } {
  const ids = toItemIds(item);
  const { stories: pieces, left } = piecesOf(item);
  const stories = pieces.map((piece) =>
    tellPiece(item, piece, { ids: pieces.length > 1 ? toPieceIds(ids, piece.component) : ids, document }),
  );
  if (stories.length > 0) return { stories, left };
  // A withdrawal or a hold needs only an id. What has no text otherwise is told of by composeStories.
  const { pubStatus } = readStatus(statusOf(item));
  const isStatusOnly =
    ids.guid !== undefined &&
    // The version before may have had a text: what is left of it beside pictures is withdrawn all the same.
    ((pubStatus === "canceled" && mediaTypeOf(item) === undefined) ||
      (pubStatus !== "usable" && left.every((what) => what === UPDATE)));
  if (left.length > 0 && !isStatusOnly) return { stories, left };
  const component = childOf(item, "NewsComponent") ?? item;
  return { stories: [tellPiece(item, { component }, { ids, document })], left };
}

/** An item without components, that changes the state of an earlier one. */
const UPDATE = "an Update";

function mediaTypeOf(item: XmlElement): string | undefined {
  const type = nameOf(childOf(childOf(item, "NewsManagement"), "NewsItemType")).toLowerCase();
  return /^(?:photo|picture|image|graphic|video|audio)s?$/u.test(type) ? type : undefined;
}

function piecesOf(item: XmlElement): Pieces {
  const type = mediaTypeOf(item);
  if (type !== undefined) return { stories: [], left: [`an item of type ${type}`] };
  const found = childrenOf(item, "NewsComponent").map(findPieces);
  const left = found.flatMap((one) => one.left);
  if (childOf(item, "Update") !== undefined) left.push(UPDATE);
  for (const name of ["NewsItemRef", "TopicSet"]) {
    if (childOf(item, name) !== undefined) left.push(`a ${name}`);
  }
  return { stories: found.flatMap((one) => one.stories), left };
}

function tellPiece(
  item: XmlElement,
  piece: Piece,
  { ids, document }: { ids: NewsmlIds; document: WireDocument },
): RawStory {
  const { component, nitf } = piece;
  const management = childOf(item, "NewsManagement");
  const language = languageOf(item, component) ?? nitf?.language;
  const lines = toLines(item, component);
  const headlines = (lines("HeadLine") ?? []).map((line) => ({
    text: textOf(line),
    language: inherited(line, "xml:lang"),
  }));
  const slug = (lines("SlugLine") ?? []).map(toWords).find((line) => line !== "");
  const instructions = management === undefined ? [] : childrenOf(management, "Instruction").map(nameOf);
  const signals = toSignalChange(instructions, ids.sourceVersion, document.profile);
  return {
    ...ids,
    ...(ids.guid === undefined && slug !== undefined && { storyKey: slug }),
    status: statusOf(item),
    change: signals.change,
    ...fillFromHead(
      {
        headline: bestHeadline(headlines, language) ?? piece.title,
        byline: joined(lines("ByLine")),
        dateline: joined(lines("DateLine")?.slice(0, 1)),
        summary: piece.summary,
      },
      nitf,
    ),
    slugline: slug ?? textOf(descendantsOf(item, "NameLabel")[0]),
    lead: piece.lead,
    body: piece.body,
    subjects: (lines("KeywordLine") ?? []).flatMap((line) => textOf(line).split(/[,;/]/u)),
    subjectCodes: descendantsOf(component, "SubjectCode").flatMap((code) => childrenOf(code).map(nameOf)),
    language,
    urgency: nameOf(childOf(management, "Urgency")),
    edNotes: [
      ...noteLines(lines("NewsLine") ?? []),
      ...commentsOf(management),
      ...(nitf?.notes ?? []),
      ...privateNotesIn(component),
    ],
    ...tellTimes(management),
    notes: signals.notes,
  };
}

const FOR_EDITORS = /advis|ed(?:itor(?:ial|s)?)?['’]?s?[ _-]?note|editor|desk|instruction|private|internal/iu;

/** Lines of types of the agency's own: those that speak to editors are notes. */
function noteLines(lines: readonly XmlElement[]): string[] {
  return lines
    .filter((line) => FOR_EDITORS.test(nameOf(childOf(line, "NewsLineType"))))
    .flatMap((line) => childrenOf(line, "NewsLineText").map(textOf));
}

function commentsOf(management: XmlElement | undefined): string[] {
  return management === undefined ? [] : descendantsOf(management, "Comment").map(textOf);
}

/** The lines of a name: of the component itself, else of the nearest one around it. */
function toLines(item: XmlElement, component: XmlElement): (name: string) => XmlElement[] | undefined {
  return (name) => {
    for (
      let here: XmlElement | undefined = component;
      here !== undefined && here !== item;
      here = here.parent
    ) {
      const found = childrenOf(here, "NewsLines")
        .flatMap((lines) => childrenOf(lines, name))
        .filter((line) => textOf(line).trim() !== "");
      if (found.length > 0) return found;
      // A story with lines of its own does not take another's byline for its own.
      if (hasHeadline(here) && name !== "HeadLine" && name !== "SlugLine") return undefined;
    }
    return undefined;
  };
}

function joined(lines: readonly XmlElement[] | undefined): string | undefined {
  const words = [...new Set((lines ?? []).map(toWords))].filter((line) => line !== "");
  return words.length > 0 ? words.join(", ") : undefined;
}

/** The nearest Language element around the text, else the nearest `xml:lang`. */
function languageOf(item: XmlElement, component: XmlElement): string | undefined {
  for (
    let here: XmlElement | undefined = component;
    here !== undefined && here !== item;
    here = here.parent
  ) {
    const name = nameOf(childOf(childOf(here, "DescriptiveMetadata"), "Language"));
    if (name !== "") return name;
  }
  const inner = descendantsOf(component, "DataContent").map((data) => data.attributes.get("xml:lang"));
  return inner.find((tag) => tag) ?? inherited(component, "xml:lang");
}

function statusOf(item: XmlElement): string {
  return nameOf(childOf(childOf(item, "NewsManagement"), "Status"));
}

/** The envelope's DateAndTime is when it was sent: it changes on a re-send and is not read. */
function tellTimes(management: XmlElement | undefined): Partial<RawStory> {
  const change = childOf(management, "StatusWillChange");
  const future = readStatus(nameOf(childOf(change, "FutureStatus")));
  const at = textOf(childOf(change, "DateAndTime"));
  const now = readStatus(nameOf(childOf(management, "Status")));
  return {
    firstCreated: textOf(childOf(management, "FirstCreated")),
    versionCreated: textOf(childOf(management, "ThisRevisionCreated")),
    ...(now.embargoed && future.pubStatus === "usable" && change !== undefined && { embargoed: at }),
    ...(future.pubStatus === "canceled" && { expires: at }),
  };
}
