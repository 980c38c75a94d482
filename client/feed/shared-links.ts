import { ServerLink } from "./server-link.ts";

/** One connection a page and server, however many widgets; closed a moment after the last one has left. */
const links = new Map<string, ServerLink>();
const LINGER_MS = 2000;
let isListening = false;

export function shareLink(server: URL): ServerLink {
  const known = links.get(server.href);
  if (known !== undefined) return known;
  const link = new ServerLink({ server });
  links.set(server.href, link);
  listenForWaking();
  return link;
}

/** Call after `link.release(feed)`: an element that is only moved in the page comes back at once. */
export function closeWhenUnused(server: URL): void {
  setTimeout(() => {
    const link = links.get(server.href);
    if (link === undefined || !link.isUnused) return;
    links.delete(server.href);
    link.close();
  }, LINGER_MS);
}

function listenForWaking(): void {
  if (isListening) return;
  isListening = true;
  const wake = () => {
    for (const link of links.values()) link.wake();
  };
  addEventListener("online", wake);
  // A page that comes back out of the browser's memory; at the first load there is nothing to wake.
  addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
}
