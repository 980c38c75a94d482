/** The ways to follow a line; `polling` is Socket.IO's own, `poll` the JSON long poll. */
export type ReaderDoor = "websocket" | "polling" | "events" | "poll";

/** How many follow, by line and door; what nobody uses is not in it. */
export type ReaderCounts = Readonly<Record<string, Readonly<Partial<Record<ReaderDoor, number>>>>>;

/** Counts of different doors, or of different lines, as one. */
export function joinCounts(...all: readonly ReaderCounts[]): ReaderCounts {
  const sums: Record<string, Partial<Record<ReaderDoor, number>>> = {};
  for (const counts of all) {
    for (const [line, doors] of Object.entries(counts)) sums[line] = { ...sums[line], ...doors };
  }
  return sums;
}

/** By line, all doors together. */
export function toTotals(counts: ReaderCounts): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([line, doors]) => [line, toTotal(doors)]));
}

function toTotal(doors: ReaderCounts[string]): number {
  return Object.values(doors).reduce((sum, count) => sum + count, 0);
}
