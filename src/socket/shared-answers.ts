/**
 * What all who ask at one position are answered alike is made into bytes once. A client's own are only the start of its
 * acknowledgement: its number and the time. Start and shared rest go to ws as one frame, through Engine.IO as every
 * packet does, so that nothing overtakes and what waits is counted.
 */
import type { Answer } from "../stream/line-view.ts";
import { startTextFrame } from "./prebuilt-frames.ts";
import type { LineSocket } from "./wire.ts";

/** What follows the start: members of the payload, and what closes it. */
export interface SharedRest {
  readonly text: string;
  readonly bytes: Buffer;
}

const MESSAGE = "4";
/** Less than this is copied: two pieces cost the system more than one. */
const MOST_COPIED_BYTES = 2_048;

/** By the answer that a view made and keeps while it stands at its position. */
const rests = new WeakMap<Answer, SharedRest>();

export function toSharedRest(answer: Answer): SharedRest {
  const known = rests.get(answer);
  if (known !== undefined) return known;
  const text = `${answer.members}}]`;
  const rest = { text, bytes: Buffer.from(text) };
  rests.set(answer, rest);
  return rest;
}

/** `start` is ASCII. */
export function sendShared(connection: LineSocket["conn"], start: string, rest: SharedRest): void {
  const options = { compress: true, wsPreEncodedFrame: toFrame(MESSAGE + start, rest.bytes) };
  // The text is for long polls; joining two strings copies neither until then.
  connection.write(start + rest.text, options);
}

function toFrame(start: string, rest: Buffer): Buffer[] {
  const length = start.length + rest.length;
  const isCopied = rest.length < MOST_COPIED_BYTES;
  const [frame, at] = startTextFrame(length, isCopied ? length : start.length);
  frame.write(start, at, "latin1");
  if (!isCopied) return [frame, rest];
  rest.copy(frame, at + start.length);
  return [frame];
}
