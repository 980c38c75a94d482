/**
 * Compression that is paid once for everybody (RFC 7692, permessage-deflate). ws agrees on it with each client but never
 * compresses by itself; a message for many is deflated once, and all who agreed get the same frame.
 *
 * Without a context that is taken over from message to message nothing is kept for a connection. ws would keep an
 * inflater for each client that compresses what it sends, as browsers do even with their pongs: what is sent to us is
 * small, and is inflated in one piece instead.
 *
 * What is private in Engine.IO and ws is only looked for: a connection where it is not found gets plain frames.
 */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { isObject } from "./is-object.ts";
import type { LineServer, LineSocket } from "./wire.ts";

type Transport = LineSocket["conn"]["transport"];

/** What ws is to agree on. */
export const SHARED_DEFLATE = {
  threshold: Number.MAX_SAFE_INTEGER,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};

/** Below that a smaller frame is no fewer packets on the way. */
const LEAST_BYTES = 256;
/** How every flushed block ends; both sides leave it out (RFC 7692, 7.2.1). */
const TRAILER = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const EXTENSION = "permessage-deflate";

/** undefined when it would gain nothing. */
export function deflateOnce(payload: Buffer): Buffer | undefined {
  if (payload.length < LEAST_BYTES) return undefined;
  const deflated = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  return deflated.length < payload.length ? deflated.subarray(0, -TRAILER.length) : undefined;
}

/** For a server whose ws agrees on `SHARED_DEFLATE`. `mostBytes` is what a client may send. */
export function shareDeflate(io: LineServer, mostBytes: number): void {
  const prepare = (transport: Transport) => {
    // Engine.IO would frame for each connection alone, since ws might compress for each alone.
    Reflect.set(transport, "perMessageDeflate", null);
    const extension = findExtension(Reflect.get(transport, "socket"));
    if (extension !== undefined) inflateAtOnce(extension, mostBytes);
  };
  io.engine.on("connection", (connection: LineSocket["conn"]) => {
    if (connection.transport.name === "websocket") prepare(connection.transport);
    else connection.once("upgrade", prepare);
  });
}

/** Whether a ws agreed on compression, with no smaller window than ours. */
export function takesDeflated(ws: unknown): boolean {
  const extension = findExtension(ws);
  return extension !== undefined && !("server_max_window_bits" in extension.params);
}

interface Extension {
  readonly params: object;
  decompress: (data: Buffer, isLast: boolean, done: (error: Error | null, message?: Buffer) => void) => void;
}

function findExtension(ws: unknown): Extension | undefined {
  if (!isObject(ws)) return undefined;
  const extensions: unknown = Reflect.get(ws, "_extensions");
  const extension: unknown = isObject(extensions) ? Reflect.get(extensions, EXTENSION) : undefined;
  return isExtension(extension) ? extension : undefined;
}

function inflateAtOnce(extension: Extension, mostBytes: number): void {
  let pieces: Buffer[] = [];
  extension.decompress = (data, isLast, done) => {
    pieces.push(data);
    if (!isLast) {
      process.nextTick(done, null, Buffer.alloc(0));
      return;
    }
    const whole = Buffer.concat([...pieces, TRAILER]);
    pieces = [];
    // ws reads on in its own time: not before this call has returned.
    process.nextTick(() => {
      try {
        done(
          null,
          inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes }),
        );
      } catch (error) {
        done(error instanceof Error ? error : new Error("A message cannot be inflated."));
      }
    });
  };
}

function isExtension(value: unknown): value is Extension {
  return (
    isObject(value) &&
    "decompress" in value &&
    typeof value.decompress === "function" &&
    "params" in value &&
    isObject(value.params)
  );
}
