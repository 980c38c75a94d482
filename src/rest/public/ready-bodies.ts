import type { Answer } from "../../stream/line-view.ts";

/** Bytes of an answer at one position. */
export interface Body {
  position: string;
  bytes: Buffer;
}

const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Answers made once for each position, for all who ask while the line stands there. They are made in the step in
 * which they are exact, so two who ask at once get the same bytes.
 */
export class ReadyBodies {
  readonly #bodies = new Map<string, Body>();
  #bytes = 0;

  /** Undefined when the line has moved since, or nobody has asked yet. */
  find(key: string, position: string): Body | undefined {
    const body = this.#bodies.get(key);
    return body?.position === position ? body : undefined;
  }

  make(key: string, position: string, toText: () => string): Body {
    const ready = this.find(key, position);
    if (ready !== undefined) return ready;
    const body = { position, bytes: Buffer.from(toText()) };
    this.#bytes += body.bytes.length - (this.#bodies.get(key)?.bytes.length ?? 0);
    if (this.#bytes > MOST_BYTES) {
      this.#bodies.clear();
      this.#bytes = body.bytes.length;
    }
    this.#bodies.set(key, body);
    return body;
  }
}

const byAnswer = new WeakMap<Answer, Buffer>();

/** The members of a view's answer; a view gives one answer to all who hold the same cursor. */
export function toMemberBytes(answer: Answer): Buffer {
  const made = byAnswer.get(answer);
  if (made !== undefined) return made;
  const bytes = Buffer.from(answer.members);
  byAnswer.set(answer, bytes);
  return bytes;
}
