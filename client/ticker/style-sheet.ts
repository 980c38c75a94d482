import statusLine from "../status-line.css";
import tokens from "../tokens.css";
import widget from "./news-line.css";

let sheet: CSSStyleSheet | undefined;

/** One sheet for all widgets of a page. */
export function adoptStyle(root: ShadowRoot): void {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(tokens + statusLine + widget);
  }
  root.adoptedStyleSheets = [sheet];
}
