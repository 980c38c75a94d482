import { itemId } from "../contract/names.ts";

/** A place in display order; whatever stands there now, the next page begins below it. */
export interface Cursor {
  orderedAtMs: number;
  id: string;
}

const CURSOR = /^(-?\d{1,16}) (.+)$/;

/** Opaque to clients, so that what is in it may change. */
export function toCursor({ orderedAtMs, id }: Cursor): string {
  return Buffer.from(`${orderedAtMs} ${id}`).toString("base64url");
}

export function parseCursor(text: string): Cursor | undefined {
  const [, orderedAtMs, id] = CURSOR.exec(Buffer.from(text, "base64url").toString()) ?? [];
  const parsed = itemId.safeParse(id);
  return parsed.success ? { orderedAtMs: Number(orderedAtMs), id: parsed.data } : undefined;
}
