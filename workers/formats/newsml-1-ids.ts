import { at, attributeOf, childrenOf, descendantsOf, textOf, type XmlElement } from "../text/xml.ts";
import { toGuidBase, toUsableId } from "./guid.ts";
import { nameOf } from "./newsml-1-pieces.ts";

export interface NewsmlIds {
  guid?: string | undefined;
  guidBase?: string | undefined;
  identity?: string | undefined;
  sourceVersion?: string | undefined;
  /** Of several stories in one item: the item's id, by which a withdrawal names all of them. */
  sharedGuid?: string | undefined;
}

/**
 * The public identifier as written; what versions share is the same without its RevisionId, which a letter may
 * follow. One that is empty, `0` or only the provider's name is none: then the item's own id or Duid counts.
 */
export function toItemIds(item: XmlElement): NewsmlIds {
  const identifier = at(item, "Identification", "NewsIdentifier") ?? descendantsOf(item, "NewsIdentifier")[0];
  const read = (name: string) => textOf(at(identifier, name)).trim();
  const providers = toProviders(item, read("ProviderId"));
  const written = toUsableId(read("PublicIdentifier"));
  const revision = /^\d+/u.exec(read("RevisionId"))?.[0];
  if (written !== undefined && !isOnlyProvider(written, providers)) {
    const tail = /^(.+):0*(\d+)[A-Za-z]?$/u.exec(written);
    const isRevision = tail !== null && tail[2] === revision?.replace(/^0+(?=\d)/u, "");
    const guidBase = isRevision ? tail[1] : toGuidBase(written, revision);
    const inUrn = guidBase === undefined ? undefined : /(\d+)[A-Za-z]?$/u.exec(written)?.[1];
    return { guid: written, guidBase, sourceVersion: revision ?? inUrn };
  }
  const own = [read("NewsItemId"), ...toDuids(item)].find(
    (id) => isGlobal(id) && !isOnlyProvider(id, providers),
  );
  const itemId = toUsableId(read("NewsItemId"));
  const guid = itemId !== undefined && !isOnlyProvider(itemId, providers) ? itemId : own;
  return { guid, sourceVersion: revision };
}

/** Of several stories in one item none has the item's id for its own: the item's with the component's, else none. */
export function toPieceIds(ids: NewsmlIds, component: XmlElement): NewsmlIds {
  const duid = (attributeOf(component, "Duid") ?? "").trim();
  const base = ids.guidBase ?? ids.guid;
  const shared = { sourceVersion: ids.sourceVersion, sharedGuid: base };
  if (isGlobal(duid)) return { ...shared, guid: duid };
  const isUsable = base !== undefined && toUsableId(duid) !== undefined;
  return { ...shared, identity: isUsable ? `${base}#${duid}` : undefined };
}

function toDuids(item: XmlElement): string[] {
  return [item, ...childrenOf(item, "NewsComponent"), ...descendantsOf(item, "NewsComponent")].map(
    (element) => (attributeOf(element, "Duid") ?? "").trim(),
  );
}

/** A Duid is unique in its document only; a long number or word is more than that. */
function isGlobal(id: string): boolean {
  return toUsableId(id) !== undefined && (/\d{5}/u.test(id) || id.length >= 16);
}

function toProviders(item: XmlElement, providerId: string): string[] {
  const parties = descendantsOf(item, "Provider").flatMap((provider) =>
    childrenOf(provider, "Party").map(nameOf),
  );
  const names = [providerId, ...parties].map(foldName).filter((name) => name !== "");
  return [...names, ...names.map((name) => name.replace(/^www\./u, "").split(".")[0] ?? "")];
}

/** A URN whose part for the item is empty or zero. */
const NO_ITEM = /^urn:newsml:[^:]*:[^:]*:0*(?::\d+[A-Z]?)?$/iu;

function isOnlyProvider(id: string, providers: readonly string[]): boolean {
  if (NO_ITEM.test(id)) return true;
  const name = foldName(id);
  // `urn:newsml:agency.example:0:0` says no more than the name does.
  const bare = name.replace(/(?::0*)+$/u, "");
  return bare === "" || providers.includes(bare);
}

function foldName(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replace(/^urn:newsml:/u, "");
}
