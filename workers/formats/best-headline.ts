export interface HeadlineCandidate {
  text: string;
  role?: string | undefined;
  language?: string | undefined;
}

/** Of several headlines the one of role main, then one in the item's language, then the first (TXT1). */
export function bestHeadline(
  candidates: readonly HeadlineCandidate[],
  language: string | undefined,
): string | undefined {
  const written = candidates.filter(({ text }) => text.trim() !== "");
  const rank = (candidate: HeadlineCandidate) =>
    (isMain(candidate.role) ? 2 : 0) + (sharesLanguage(candidate.language, language) ? 1 : 0);
  const best = Math.max(...written.map(rank));
  return written.find((candidate) => rank(candidate) === best)?.text;
}

/** Roles are qcodes, URIs or bare words: the last word counts. */
export function toRoleWord(role: string | undefined): string {
  return (role ?? "")
    .trim()
    .toLowerCase()
    .replace(/^.*[:/#]/u, "");
}

function isMain(role: string | undefined): boolean {
  return toRoleWord(role) === "main";
}

/** `en` and `en-GB` are one language here. */
export function sharesLanguage(a: string | undefined, b: string | undefined): boolean {
  const toPrimary = (tag: string | undefined) => (tag ?? "").trim().toLowerCase().split(/[-_]/u)[0] ?? "";
  return toPrimary(a) !== "" && toPrimary(a) === toPrimary(b);
}
