import type { ItemRecord } from "../../src/store/record.ts";

/** A synthetic record as a worker would hand it to the store. */
export function toRecord(fields: Partial<ItemRecord> & { id: string; headline?: string }): ItemRecord {
  const { headline, ...rest } = fields;
  const lines = fields.lines ?? ["main"];
  return {
    source: "wire",
    revision: 1,
    lines,
    change: "new",
    pubStatus: "usable",
    content: { headline: headline ?? `Headline of ${fields.id}`, urgency: 5 },
    receivedAt: "2026-03-04T12:00:00.000Z",
    revisedAt: "2026-03-04T12:00:00.000Z",
    orderedAt: "2026-03-04T11:00:00.000Z",
    timeBasis: "source",
    revisionBasis: "source",
    publicLines: lines,
    versions: [],
    ...rest,
  };
}
