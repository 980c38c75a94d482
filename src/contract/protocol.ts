/** The numbers of the protocol, apart from the schemas so that a page can have them without a parser. */

export const PROTOCOL = 1;
/** Items in a snapshot when the caller names no limit, at every door (SNP1). */
export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;
/** Seconds between two ticks of a line. */
export const TICK_SECONDS = 25;
