import type { Draft } from "../../src/contract/draft.ts";
import { attributeOf, childrenOf, textOf, type XmlElement } from "../text/xml.ts";
import { composeDraft } from "./compose.ts";
import type { WireDocument } from "./format.ts";

/** RFC 6721: `deleted-entry`, in a feed or alone, names an entry that is withdrawn. It needs no more than the id. */
export function readTombstones(feed: XmlElement, document: WireDocument): Draft[] {
  const entries = feed.name === "deleted-entry" ? [feed] : childrenOf(feed, "deleted-entry");
  return entries.flatMap((entry): Draft[] => {
    const ref = attributeOf(entry, "ref")?.trim() ?? "";
    if (ref === "") return [];
    const comment = childrenOf(entry, "comment").map(textOf).join(" ");
    return [
      composeDraft(
        {
          status: "canceled",
          actsOn: [{ guid: ref, status: "canceled" }],
          noticeOnly: true,
          versionCreated: attributeOf(entry, "when"),
          edNotes: [comment],
          from: {
            actsOn: "deleted-entry (RFC 6721)",
            pubStatus: "deleted-entry (RFC 6721)",
            versionCreated: "deleted-entry/@when",
            edNote: "deleted-entry/comment",
          },
        },
        document,
      ),
    ];
  });
}
