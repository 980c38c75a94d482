/** The token lives as long as the tab: closing it signs out, and no other tab can read it. */
const TOKEN = "newsline-token";
const DRAFT = "newsline-draft";
const LINE = "newsline-line";

export interface StoredDraft {
  text: string;
  urgency: number;
  lead: string;
  body: string;
  link: string;
  embargo: string;
  edNote: string;
}

export function readToken(): string | undefined {
  return sessionStorage.getItem(TOKEN) ?? undefined;
}

export function keepToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, token);
}

export function readLine(): string | undefined {
  return sessionStorage.getItem(LINE) ?? undefined;
}

export function keepLine(line: string): void {
  sessionStorage.setItem(LINE, line);
}

export const EMPTY_DRAFT: StoredDraft = {
  text: "",
  urgency: 5,
  lead: "",
  body: "",
  link: "",
  embargo: "",
  edNote: "",
};

/** A reload loses nothing that was typed. */
export function readDraft(): StoredDraft {
  const text = sessionStorage.getItem(DRAFT);
  if (text === null) return EMPTY_DRAFT;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...EMPTY_DRAFT, ...value } : EMPTY_DRAFT;
  } catch {
    return EMPTY_DRAFT;
  }
}

export function keepDraft(draft: StoredDraft): void {
  sessionStorage.setItem(DRAFT, JSON.stringify(draft));
}
