/** What typing means: pure, so that every key can be tested without a page. */

export interface Composition {
  headline: string;
  lines: string[];
  /** Names typed with # that are no line: they stay in the text, and the screen says so. */
  unknown: string[];
}

const TAG = /(^|\s)#([a-z0-9][a-z0-9-]{0,63})(?=\s|$)/giu;

/** `#politics` anywhere in the text sends it to that line; without one it goes to `otherwise`. */
export function parseComposition(text: string, known: readonly string[], otherwise: string): Composition {
  const lines: string[] = [];
  const unknown: string[] = [];
  const headline = text.replace(TAG, (whole, before: string, name: string) => {
    const line = name.toLowerCase();
    if (!known.includes(line)) {
      unknown.push(name);
      return whole;
    }
    if (!lines.includes(line)) lines.push(line);
    return before;
  });
  return {
    headline: headline.replace(/\s+/gu, " ").trim(),
    lines: lines.length === 0 ? [otherwise] : lines,
    unknown,
  };
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
}

export type KeyAction =
  | { do: "nothing" }
  | { do: "publish" }
  /** Enter is not enough just now; `why` says what is. */
  | { do: "refuse"; why: "urgent" | "pasted" }
  | { do: "urgency"; urgency: number };

export interface ComposerState {
  urgency: number;
  /** A line break was pasted and nobody has confirmed the text since. */
  hasPastedBreak: boolean;
}

export function toKeyAction(press: KeyPress, state: ComposerState): KeyAction {
  const isCommand = press.ctrlKey || press.metaKey;
  if (isCommand && /^[1-5]$/u.test(press.key)) return { do: "urgency", urgency: Number(press.key) };
  // While an input method composes, Enter chooses a word.
  if (press.key !== "Enter" || press.isComposing || press.shiftKey) return { do: "nothing" };
  if (isCommand) return { do: "publish" };
  if (state.urgency <= 2) return { do: "refuse", why: "urgent" };
  if (state.hasPastedBreak) return { do: "refuse", why: "pasted" };
  return { do: "publish" };
}

/** The first word of a headline, which must be typed to withdraw the item. */
export function toFirstWord(headline: string): string {
  return /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/u.exec(headline)?.[0] ?? headline.trim();
}

export function isFirstWord(typed: string, headline: string): boolean {
  const fold = (text: string) => text.normalize("NFC").trim().toLowerCase();
  return fold(typed) !== "" && fold(typed) === fold(toFirstWord(headline));
}
