import { z } from "zod";
import { HABITS } from "../../workers/text/habits.ts";
import { DESK_SOURCE } from "../contract/names.ts";

/** One line of the archive and of `newsline export`: an item as it stood. Its `revisions` stand there for people. */
export const archiveRow = z.looseObject({
  item: z.looseObject({
    id: z.string().min(1),
    revision: z.number(),
    headline: z.string(),
    source: z.string(),
    credit: z.string().optional(),
    change: z.string().optional(),
    pubStatus: z.string().default("usable"),
    orderedAt: z.string(),
    firstCreated: z.string().optional(),
    lead: z.string().optional(),
    bodyText: z.string().optional(),
    bodyHtml: z.string().optional(),
    summary: z.string().optional(),
    byline: z.string().optional(),
    dateline: z.string().optional(),
    slugline: z.string().optional(),
    subjects: z.array(z.string()).optional(),
    language: z.string().optional(),
    link: z.string().optional(),
    urgency: z.number().optional(),
    edNote: z.string().optional(),
    embargoedUntil: z.string().optional(),
    expires: z.string().optional(),
  }),
});
export type ArchiveRow = z.infer<typeof archiveRow>;
type Archived = ArchiveRow["item"];

/**
 * A row as ninjs: the ordinary door reads it, so that an import meets every rule that a wire meets. Its own id is
 * its guid and the revision its version: a second import is a repeat, not a second item.
 *
 * Earlier revisions stay in the file. It does not say which of them an editor has hidden from readers for good, and
 * an import must not bring such a text back (COR1).
 */
export function toNinjs({ item }: ArchiveRow): Record<string, unknown> {
  const fields = {
    uri: `urn:newsline:item:${item.id}`,
    version: String(item.revision),
    type: "text",
    pubstatus: item.pubStatus,
    // The time by which it stood in the line, which is not always its version's: it keeps its place.
    versioncreated: item.orderedAt,
    firstcreated: item.firstCreated,
    headline: item.headline,
    body_text: item.bodyText,
    body_html: item.bodyHtml,
    // A lead that is not the text's beginning becomes it, as every lead in an element of its own does (TXT2).
    body_lead: item.lead,
    description_text: item.summary,
    byline: item.byline,
    dateline: item.dateline,
    slugline: item.slugline,
    subject: item.subjects?.map((name) => ({ name })),
    language: item.language,
    url: item.link,
    urgency: item.urgency,
    signals: item.change === "correction" || item.change === "update" ? [{ code: item.change }] : undefined,
    embargoed: item.embargoedUntil,
    expires: item.expires,
    ednote: item.edNote,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""),
  );
}

/** One source for each origin and line, so that readers go on seeing who wrote it. */
export function toImportSource(line: string, origin: string): string {
  return `import.${line}.${origin}`.slice(0, 64);
}

export function toImportProfile(line: string, { source, credit }: Archived): Record<string, unknown> {
  const name = credit ?? (source === DESK_SOURCE ? undefined : source);
  return {
    kind: "push",
    format: "ninjs",
    lines: [line],
    // These texts have been read once already: nothing in them is taken for a habit of some wire's.
    habitsOff: Object.keys(HABITS),
    ...(name !== undefined && { credit: name }),
  };
}
