/** What stands in an id's place when there is none. */
const NO_ID = /^(?:0+|-|null|none|nil|n\/?a|unknown|undefined|id)$/iu;

/** Nobody's id is longer; what follows is text that strayed there, or an attack. */
const LONGEST_ID = 2000;

/** The id as written, or undefined when it names nothing: empty, `0`, a word for none. */
export function toUsableId(written: string | undefined): string | undefined {
  const id = (written ?? "").trim();
  return id === "" || id.length > LONGEST_ID || NO_ID.test(id) ? undefined : id;
}

/** RFC 3085: provider, day, item, revision and perhaps the letter that says what kind of revision it is. */
const NEWSML_URN = /^(urn:newsml:[^:]+:\d{8}[^:]*:[^:]+):\d+[A-Z]?$/iu;

/**
 * The part of the guid that all versions share, when this one ends in its own version: `…:2` of version 2, a
 * NewsML URN with its revision. Undefined when the guid is already what they share.
 */
export function toGuidBase(guid: string | undefined, version: string | undefined): string | undefined {
  if (guid === undefined) return undefined;
  const urn = NEWSML_URN.exec(guid)?.[1];
  if (urn !== undefined) return urn;
  const tail = /^(.{6,}):0*(\d+)[A-Z]?$/u.exec(guid);
  return tail?.[2] !== undefined && tail[2] === (version ?? "").trim() ? tail[1] : undefined;
}

/** Ids of other documents, each also as what its versions share; its own is left out. */
export function toReferences(
  written: readonly (string | undefined)[],
  own: { guid: string | undefined; guidBase: string | undefined },
): string[] {
  const ids = written.map(toUsableId).filter((id) => id !== undefined);
  const all = ids.flatMap((id) => [id, toGuidBase(id, undefined) ?? id]);
  return [...new Set(all)].filter((id) => id !== own.guid && id !== own.guidBase);
}
