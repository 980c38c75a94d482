/** Records hold times as ISO 8601 in UTC, rules reckon with milliseconds. */

export const toIso = (ms: number): string => new Date(ms).toISOString();
export const toMs = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);
