import { make, setText } from "../ticker/dom.ts";
import { makeButton } from "./field.ts";

const ROW = 16;
const PAGE = 4_096;

/** Offset, hexadecimal, characters: sixteen bytes a line. What is no printable ASCII stands as a dot. */
export function toHexLines(bytes: Uint8Array, from: number, to: number): string {
  const lines: string[] = [];
  for (let at = from; at < Math.min(to, bytes.length); at += ROW) {
    const row = [...bytes.subarray(at, at + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(ROW * 3 - 1)}  ${text}`);
  }
  return lines.join("\n");
}

/** As UTF-8, with control characters as signs that can be seen, and nothing that turns the text round. */
export function toVisibleText(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replace(/\r\n?/gu, "\n")
    .replace(/(?!\n)\p{Cc}/gu, (sign) => {
      const code = sign.codePointAt(0) ?? 0;
      return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
    })
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** Bytes as they came, as text or as hexadecimal, a page at a time. They are never taken for markup. */
export function makeBytesView(bytes: Uint8Array): HTMLElement {
  const view = make("pre", { className: "bytes", attributes: { tabindex: "0", dir: "ltr" } });
  const about = make("span", { className: "hint" });
  let isHex = false;
  let shown = PAGE;
  const more = makeButton("Show more", () => {
    shown += PAGE * 4;
    paint();
  });
  const asText = makeButton("Text", () => choose(false));
  const asHex = makeButton("Hex", () => choose(true));

  function choose(hex: boolean): void {
    isHex = hex;
    paint();
  }
  function paint(): void {
    const part = bytes.subarray(0, shown);
    setText(view, isHex ? toHexLines(bytes, 0, shown) : toVisibleText(part));
    view.setAttribute("aria-label", isHex ? "The bytes in hexadecimal" : "The bytes as text");
    asText.setAttribute("aria-pressed", String(!isHex));
    asHex.setAttribute("aria-pressed", String(isHex));
    const told =
      part.length < bytes.length ? `${part.length} of ${bytes.length} bytes` : `${bytes.length} bytes`;
    setText(about, told);
    more.hidden = part.length >= bytes.length;
  }
  paint();
  const row = make("div", { className: "row" }, asText, asHex, about, more);
  return make("div", { className: "bytes-view" }, row, view);
}
