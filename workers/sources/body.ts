import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { NewsLineError } from "../../src/contract/errors.ts";

/** What is asked for. Servers also send the older `deflate` unasked. */
export const ACCEPT_ENCODING = "gzip, br";

/** A piece of a body counts for at least so much: a body in single bytes would cost its length in callbacks. */
const LEAST_PIECE_BYTES = 512;
const DECODER_PIECE_BYTES = 64 * 1024;

/**
 * The decoded body, at most `mostBytes` of it. Both what comes over the wire and what it decodes to are counted while
 * they flow: a bomb ends when it has grown too large, not when it has been unpacked.
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  mostBytes: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const keep = (piece: Buffer) => void pieces.push(piece);
  const decoder = toDecoder(encoding);
  try {
    if (decoder === undefined) await flow(body, mostBytes, keep);
    else await Promise.all([unpack(body, decoder, mostBytes), flow(decoder, mostBytes, keep)]);
  } finally {
    body.destroy();
    decoder?.destroy();
  }
  return Buffer.concat(pieces);
}

/** The decoder's own backlog needs no brake: no more than `mostBytes` can come. */
async function unpack(body: Readable, decoder: Transform, mostBytes: number): Promise<void> {
  await flow(body, mostBytes, (piece) => void decoder.write(piece));
  decoder.end();
}

/**
 * By its events and not as an async iterable: that would join pieces before they are counted, and what costs time is
 * each of them.
 */
function flow(source: Readable, mostBytes: number, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let size = 0;
    source.on("data", (piece: Buffer) => {
      size += Math.max(piece.length, LEAST_PIECE_BYTES);
      if (size > mostBytes) source.destroy(tooLarge(mostBytes));
      else take(piece);
    });
    source.on("end", resolve);
    source.on("error", reject);
  });
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
