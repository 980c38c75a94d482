/**
 * Cuts what a server sends into messages. Of each message only the first `keep` bytes are kept, so that ten thousand
 * clients in one process cost less than the server that is measured.
 */
export class FrameCutter {
  readonly #keep: number;
  readonly #onText: (text: Buffer) => void;
  /** Of a header that is not whole yet. */
  #header: Buffer = Buffer.alloc(0);
  #isText = false;
  #left = 0;
  #kept: Buffer[] = [];
  #keptLength = 0;

  constructor(keep: number, onText: (text: Buffer) => void) {
    this.#keep = keep;
    this.#onText = onText;
  }

  take(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#left > 0 ? this.#takePayload(rest) : this.#takeHeader(rest);
    }
  }

  #takePayload(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#left);
    const room = this.#keep - this.#keptLength;
    if (room > 0) {
      this.#kept.push(part.subarray(0, room));
      this.#keptLength += Math.min(room, part.length);
    }
    this.#left -= part.length;
    if (this.#left === 0) this.#end();
    return bytes.subarray(part.length);
  }

  #takeHeader(bytes: Buffer): Buffer {
    const header = this.#header.length === 0 ? bytes : Buffer.concat([this.#header, bytes]);
    const short = header.length < 2 ? undefined : header.readUInt8(1) & 127;
    const length = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (short === undefined || header.length < length) {
      this.#header = Buffer.from(header);
      return Buffer.alloc(0);
    }
    this.#header = Buffer.alloc(0);
    this.#isText = (header.readUInt8(0) & 15) === 1;
    this.#left =
      length === 2 ? short : length === 4 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
    if (this.#left === 0) this.#end();
    return header.subarray(length);
  }

  #end(): void {
    const [first = Buffer.alloc(0)] = this.#kept;
    const text = this.#kept.length === 1 ? first : Buffer.concat(this.#kept);
    this.#kept = [];
    this.#keptLength = 0;
    if (this.#isText) this.#onText(text);
  }
}
