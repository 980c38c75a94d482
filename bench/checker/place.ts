/** `epoch:offset`, taken apart. Written a second time on purpose: what is checked is not used for checking. */
export interface Place {
  epoch: string;
  offset: number;
}

export function toPlace(position: string | undefined): Place | undefined {
  if (position === undefined) return undefined;
  const colon = position.lastIndexOf(":");
  const offset = Number(position.slice(colon + 1));
  if (colon < 1 || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  return { epoch: position.slice(0, colon), offset };
}

export function toText({ epoch, offset }: Place): string {
  return `${epoch}:${offset}`;
}
