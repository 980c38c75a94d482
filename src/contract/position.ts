/** A place in one log: which log it is (epoch) and how far (offset). Written `epoch:offset`. */
export interface Position {
  epoch: string;
  offset: number;
}

const POSITION = /^([A-Za-z0-9]{8,32}):(0|[1-9]\d{0,15})$/;

export function toPosition(position: Position): string {
  return `${position.epoch}:${position.offset}`;
}

/** Undefined when the text is no position: callers answer that with a snapshot, never with an error. */
export function parsePosition(text: string | undefined): Position | undefined {
  const match = text === undefined ? null : POSITION.exec(text);
  const [, epoch, offset] = match ?? [];
  if (epoch === undefined || offset === undefined) return undefined;
  const value = Number(offset);
  return Number.isSafeInteger(value) ? { epoch, offset: value } : undefined;
}
