import { expect } from "vitest";
import { read } from "./profile.ts";

/** A synthetic page in the shape of an agency's own, in parts, so that each can be dirtied by itself. */
export interface PageParts {
  headline: string;
  update: string;
  updateSign: string;
  separator: string;
  stamp: string;
  original: readonly string[];
  originalSign: string;
  furniture: string;
}

export const HEADLINE = "Harbour cities agree on a plan for the ferries";
export const UPDATE =
  'The harbour cities are worried about the delay of the ferries. "We have talked about it for years," the mayor said. Guests of several towns came as observers.';
export const ORIGINAL = [
  "On Wednesday in Riverton opened a meeting of the council of harbour cities. The day before they were received by the mayor.",
  "‘We attach great importance to the ferries,’ she said.",
  "The chairman of the council noted that the tides remain the main topic: ‘measuring them, and the answer to them,’ he said.",
];
export const INSTANT = "2016-09-28T06:34:24.000Z";

export const PAGE: PageParts = {
  headline: `${HEADLINE} (UPDATED)`,
  update: UPDATE,
  updateSign: "—0--",
  separator: "*\u00a0\u00a0 *\u00a0\u00a0 *",
  stamp: "2016 September 28 (Wednesday) 10:34:24",
  original: ORIGINAL,
  originalSign: " -02D-",
  furniture: "Leave a review\n\n\nFollow us on social networks\n\nNews Line",
};

/** Blocks in the order of the page; empty parts are missing. */
export function toBlocks(changes: Partial<PageParts> = {}): string[] {
  const page = { ...PAGE, ...changes };
  const last = page.original.at(-1) ?? "";
  return [
    page.headline,
    page.update + page.updateSign,
    page.separator,
    page.stamp,
    ...page.original.slice(0, -1),
    last + page.originalSign,
    page.furniture,
  ].filter((block) => block !== "");
}

export function toDirtyPage(changes: Partial<PageParts> = {}): string {
  return toBlocks(changes).join("\n\n");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function toHtml(body: string): string {
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${HEADLINE} | Agency</title></head><body>${body}</body></html>`;
}

interface Expected {
  headline?: string;
  original?: string;
  time?: string | undefined;
  signs?: readonly (string | undefined)[];
  change?: string;
}

/** Whatever was dirtied: two versions, each with its own text, time and sign-off, and no word of the page around them. */
export function expectVersions(
  text: string | Uint8Array,
  {
    headline = HEADLINE,
    original = ORIGINAL.join("\n\n"),
    signs = ["-02D-", "—0--"],
    change = "update",
    ...more
  }: Expected = {},
  profile: object = { zone: "Asia/Baku" },
) {
  const { format, drafts } = read(text, { profile });
  expect(format).toBe("agency-page");
  expect(
    drafts.map((draft) => ({
      headline: draft.headline,
      text: draft.bodyText,
      time: draft.versionCreated,
      sign: draft.signOff,
      change: draft.change,
    })),
  ).toEqual([
    { headline, text: original, time: "time" in more ? more.time : INSTANT, sign: signs[0], change: "new" },
    { headline, text: UPDATE, time: undefined, sign: signs[1], change },
  ]);
}
