import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Request, Response } from "express";

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

type Encoding = "br" | "gzip" | "identity";

interface ReadyFile {
  /** Which state of the file it was made from. */
  stamp: string;
  hash: string;
  bytes: Record<Encoding, Buffer>;
}

/** Files that are compressed once, as well as can be, and sent to everybody as they then are. */
export class ReadyFiles {
  readonly #made = new Map<string, Promise<ReadyFile>>();

  /** Throws what the file system says of a file that is not there. */
  async send(path: string, request: Request, response: Response): Promise<void> {
    const { hash, bytes } = await this.#find(path);
    const encoding = chooseEncoding(request);
    response.vary("Accept-Encoding").type(extname(path));
    if (encoding !== "identity") response.set("Content-Encoding", encoding);
    // A cache that holds one encoding must not take it for another.
    response.set("ETag", `"${hash}-${encoding}"`).send(bytes[encoding]);
  }

  async #find(path: string): Promise<ReadyFile> {
    const { mtimeMs, size } = await stat(path);
    const stamp = `${mtimeMs} ${size}`;
    const known = await this.#made.get(path)?.catch(() => undefined);
    if (known?.stamp === stamp) return known;
    const making = make(path, stamp);
    this.#made.set(path, making);
    return await making;
  }
}

async function make(path: string, stamp: string): Promise<ReadyFile> {
  const identity = await readFile(path);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
  const [br, zipped] = await Promise.all([toBrotli(identity, { params }), toGzip(identity, { level: 9 })]);
  const hash = createHash("sha256").update(identity).digest("base64url").slice(0, 22);
  return { stamp, hash, bytes: { br, gzip: zipped, identity } };
}

/** Brotli whenever it is taken: browsers name it last. */
function chooseEncoding(request: Request): Encoding {
  for (const encoding of ["br", "gzip"] as const) {
    if (request.acceptsEncodings(encoding) === encoding) return encoding;
  }
  return "identity";
}
