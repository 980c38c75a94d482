import type { Draft } from "../src/contract/draft.ts";
import type { Route, SourceProfile } from "../src/contract/profile.ts";
import { toComparable } from "../src/store/compare.ts";

export interface Routed {
  lines: string[];
  /** Which routes fitted, in words for `explain`. */
  rule: string;
}

/** The lines of every route that fits, in the profile's order; the profile's own lines when none does. */
export function toRouted(draft: Draft, profile: SourceProfile): Routed {
  const routes = profile.routes ?? [];
  const fitting = routes.flatMap((route, i) => {
    const why = whyItFits(route, draft, profile);
    return why === undefined ? [] : [{ route, told: `route ${i + 1} (${why})` }];
  });
  if (fitting.length === 0) {
    return { lines: profile.lines, rule: routes.length === 0 ? "the profile's lines" : "no route fits" };
  }
  const lines = new Set(fitting.flatMap(({ route }) => route.lines));
  return { lines: [...lines], rule: fitting.map(({ told }) => told).join(", ") };
}

/** What of the draft fulfils the route's conditions; undefined when one of them is not fulfilled. */
function whyItFits(route: Route, draft: Draft, profile: SourceProfile): string | undefined {
  const subjects = [...(draft.subjects ?? []), ...(draft.subjectCodes ?? [])];
  const language = draft.language ?? profile.language;
  const urgency = draft.urgency ?? 5;
  const reasons = [
    route.subjects && told("subject", findGlob(route.subjects, subjects)),
    route.slugline && told("slugline", findGlob(route.slugline, [draft.slugline ?? ""])),
    route.headline && told("headline", findPhrase(route.headline, draft.headline ?? "")),
    route.language && told("language", findTag(route.language, language)),
    route.urgency !== undefined && (urgency <= route.urgency ? `urgency ${urgency}` : undefined),
  ].filter((reason) => reason !== false);
  const asked = Object.entries(route).filter(([name, value]) => name !== "lines" && value !== undefined);
  const given = reasons.filter((reason) => reason !== undefined);
  return given.length === asked.length ? given.join(", ") : undefined;
}

function told(field: string, found: string | undefined): string | undefined {
  return found === undefined ? undefined : `${field} ${found}`;
}

function findGlob(globs: readonly string[], texts: readonly string[]): string | undefined {
  const folded = texts.map(fold);
  return globs.find((glob) => folded.some((text) => fitsGlob(fold(glob), text)));
}

/** Words stand for themselves only: `port` is not found in `report`, `port*` is found in `ports`. */
function findPhrase(phrases: readonly string[], headline: string): string | undefined {
  const words = fold(headline)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .join(" ");
  return phrases.find((phrase) => {
    const wanted = fold(phrase)
      .split(/[^\p{L}\p{N}\p{M}*]+/u)
      .join(" ")
      .trim();
    return fitsGlob(`* ${wanted} *`, ` ${words} `);
  });
}

/** `en` fits `en-GB`; `en-GB` does not fit `en`. */
function findTag(tags: readonly string[], language: string | undefined): string | undefined {
  const given = language?.toLowerCase();
  if (given === undefined) return undefined;
  return tags.find((tag) => given === tag.toLowerCase() || given.startsWith(`${tag.toLowerCase()}-`));
}

function fold(text: string): string {
  return toComparable(text).toLowerCase();
}

/** `*` stands for anything. Each part is looked for once, from left to right: no pattern can make it slow. */
function fitsGlob(glob: string, text: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
