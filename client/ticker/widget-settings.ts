import { DEFAULT_LIMIT, MAX_LIMIT } from "../../src/contract/protocol.ts";

const LINE = /^[a-z0-9][a-z0-9-]{0,63}$/;
export const MODES = ["list", "crawl", "flip"] as const;
export type Mode = (typeof MODES)[number];

const DEFAULT_SPEED = 60;

/** What the attributes say. A wrong one falls back: a typing error must not empty somebody's page. */
export interface WidgetSettings {
  readonly server: URL;
  readonly line: string;
  readonly mode: Mode;
  readonly limit: number;
  readonly zone: string | undefined;
  readonly locale: string;
  /** Items up to this urgency are shown. */
  readonly urgency: number;
  readonly speed: number;
  /** Only items with these words in headline, lead or slugline, case folded; empty for all. */
  readonly filter: string;
}

/** Where the script came from, and with it the server: `/embed.js` or `/assets/embed.js`. */
export function toServer(scriptUrl: string): URL {
  const folder = new URL(".", scriptUrl);
  return folder.pathname.endsWith("/assets/") ? new URL("..", folder) : folder;
}

export function readSettings(element: HTMLElement, scriptServer: URL): WidgetSettings {
  const line = element.getAttribute("line") ?? "";
  return {
    server: toServerFrom(element.getAttribute("src"), scriptServer),
    line: LINE.test(line) ? line : "main",
    mode: MODES.find((mode) => mode === element.getAttribute("mode")) ?? "list",
    limit: readNumber(element, "limit", { least: 1, most: MAX_LIMIT, otherwise: DEFAULT_LIMIT }),
    zone: element.getAttribute("time-zone") ?? undefined,
    locale: findLocale(element),
    urgency: readNumber(element, "urgency", { least: 1, most: 9, otherwise: 9 }),
    filter: (element.getAttribute("filter") ?? "").trim().toLowerCase(),
    speed: readNumber(element, "speed", { least: 10, most: 1000, otherwise: DEFAULT_SPEED }),
  };
}

function readNumber(
  element: HTMLElement,
  name: string,
  range: { least: number; most: number; otherwise: number },
): number {
  const text = element.getAttribute(name)?.trim() ?? "";
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  return value >= range.least && value <= range.most ? value : range.otherwise;
}

function toServerFrom(src: string | null, scriptServer: URL): URL {
  if (src === null || !URL.canParse(src, document.baseURI)) return scriptServer;
  const url = new URL(src, document.baseURI);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function findLocale(element: HTMLElement): string {
  const own = element.getAttribute("locale");
  if (own !== null && own !== "") return own;
  const language = element.closest("[lang]")?.getAttribute("lang");
  return language === null || language === undefined || language === "" ? navigator.language : language;
}
