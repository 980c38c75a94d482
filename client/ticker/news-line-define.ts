import {
  NewsLineElement,
  type OpenDetail,
  type StatusDetail,
  type UpdatedDetail,
} from "./news-line-element.ts";

declare global {
  interface HTMLElementTagNameMap {
    "news-line": NewsLineElement;
  }
  interface HTMLElementEventMap {
    "news-line-updated": CustomEvent<UpdatedDetail>;
    "news-line-status": CustomEvent<StatusDetail>;
    "news-line-open": CustomEvent<OpenDetail>;
  }
}

// A page may load the script twice.
if (customElements.get("news-line") === undefined) customElements.define("news-line", NewsLineElement);
