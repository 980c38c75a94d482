import type { Note } from "../../src/contract/draft.ts";
import type { RawStory } from "./compose.ts";
import { composeStories } from "./compose-stories.ts";
import { type FormatReader, type FormatReading, isRecord, parseJson, type WireDocument } from "./format.ts";
import { toGuidBase, toUsableId } from "./guid.ts";
import { JSON_LIMITS, refuseMany } from "./limits.ts";
import { associationNotes, tellItem, whyNoStory } from "./ninjs.ts";
import { type Ninjs, textIn } from "./ninjs-fields.ts";

/** AP's media API: ninjs-like names in lower case, in `data.item` or a list of such, with an identity of its own. */
export const apJson: FormatReader = {
  format: "ap-json",
  limits: JSON_LIMITS,
  sniff: ({ json }) => apItemsOf(json).some((item) => isWrapped(json) || itemIdOf(item) !== undefined),
  read,
};

function read(document: WireDocument): FormatReading {
  const stories: RawStory[] = [];
  const notes: Note[] = [];
  const items = apItemsOf(document.json ?? parseJson(document.text));
  refuseMany(items);
  for (const item of items) {
    const why = whyNoStory(item);
    if (why === undefined) stories.push(tellApItem(item, document));
    else notes.push({ field: "item", rule: `left out: ${why} (${itemIdOf(item) ?? "no id"})` });
    notes.push(...associationNotes(item));
  }
  if (stories.length === 0 && notes.length === 0) notes.push({ field: "data.item", rule: "holds no item" });
  return composeStories(stories, document, notes);
}

/** One answer with one item, a page of a feed, a list of either, or the bare item. */
function apItemsOf(json: unknown): Ninjs[] {
  if (Array.isArray(json)) return json.flatMap(apItemsOf);
  if (!isRecord(json)) return [];
  const data = isRecord(json["data"]) ? json["data"] : json;
  if (isRecord(data["item"])) return [data["item"]];
  const list: unknown = data["items"];
  if (Array.isArray(list)) {
    return list.filter(isRecord).map((one) => (isRecord(one["item"]) ? one["item"] : one));
  }
  return isRecord(data["altids"]) ? [data] : [];
}

/** Nothing else has an item inside `data`. */
function isWrapped(json: unknown): boolean {
  const [first]: unknown[] = Array.isArray(json) ? json : [json];
  if (!isRecord(first) || !isRecord(first["data"])) return false;
  const { item, items } = first["data"];
  return (
    isRecord(item) || (Array.isArray(items) && items.some((one) => isRecord(one) && isRecord(one["item"])))
  );
}

function tellApItem(item: Ninjs, document: WireDocument): RawStory {
  const story = tellItem(item, document);
  const guid = itemIdOf(item) ?? story.guid;
  const sourceVersion = sequenceOf(item) ?? story.sourceVersion;
  return {
    ...story,
    guid,
    guidBase: toGuidBase(guid, sourceVersion),
    sourceVersion,
    urgency: story.urgency ?? textIn(item, "editorialpriority"),
    from: {
      ...story.from,
      ...(itemIdOf(item) !== undefined && { guid: "altids.itemid" }),
      ...(story.urgency === undefined && { urgency: "editorialpriority" }),
      ...(sequenceOf(item) !== undefined && { sourceVersion: "the record sequence number in altids" }),
    },
  };
}

function altIds(item: Ninjs): Ninjs {
  return isRecord(item["altids"]) ? item["altids"] : {};
}

/** The uri carries the token of the request, so the item's own id is its identity. */
function itemIdOf(item: Ninjs): string | undefined {
  return toUsableId(textIn(altIds(item), "itemid"));
}

/** Counts the versions; the field `version` stands at 0 on some. */
function sequenceOf(item: Ninjs): string | undefined {
  const ids = altIds(item);
  const name = Object.keys(ids).find((key) => /^(?:record_?sequence(?:_?number)?|rsn)$/iu.test(key));
  const sequence = name === undefined ? undefined : textIn(ids, name)?.trim();
  return sequence === "" ? undefined : sequence;
}
