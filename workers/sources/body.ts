import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { NewsLineError } from "../../src/contract/errors.ts";

/** What is asked for. Servers also send the older `deflate` unasked. */
export const ACCEPT_ENCODING = "gzip, br";

/** A piece of a body counts for at least so much: a body in single bytes would cost its length in callbacks. */
const LEAST_PIECE_BYTES = 256;
const DECODER_PIECE_BYTES = 64 * 1024;

type Pieces = AsyncIterable<Uint8Array>;

/**
 * The decoded body, at most `mostBytes` of it. Both what comes over the wire and what it decodes to are counted while
 * they flow: a bomb ends when it has grown too large, not when it has been unpacked.
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  mostBytes: number,
): Promise<Buffer> {
  const decoder = toDecoder(encoding);
  const pieces: Uint8Array[] = [];
  const collect = async (source: Pieces): Promise<void> => {
    for await (const piece of limit(source, mostBytes)) pieces.push(piece);
  };
  const fromWire = (source: Readable) => limit(source, mostBytes, LEAST_PIECE_BYTES);
  if (decoder === undefined) await pipeline(body, fromWire, collect);
  else await pipeline(body, fromWire, decoder, collect);
  return Buffer.concat(pieces);
}

async function* limit(source: Pieces, mostBytes: number, leastPiece = 0): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of source) {
    size += Math.max(piece.length, leastPiece);
    if (size > mostBytes) throw tooLarge(mostBytes);
    yield piece;
  }
}

function tooLarge(mostBytes: number): NewsLineError {
  return new NewsLineError("too_large", {
    message: `The answer is larger than ${Math.round(mostBytes / 2 ** 20)} MB when decoded.`,
  });
}

function toDecoder(encoding = "identity"): Transform | undefined {
  const options = { chunkSize: DECODER_PIECE_BYTES };
  switch (encoding.trim().toLowerCase()) {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip(options);
    case "deflate":
      return createInflate(options);
    case "br":
      return createBrotliDecompress(options);
    default:
      throw new NewsLineError("fetch_failed", {
        message: `The answer is encoded as ${JSON.stringify(encoding.slice(0, 60))}, which nobody asked for.`,
      });
  }
}
