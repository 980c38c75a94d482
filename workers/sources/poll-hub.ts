import type { Edition } from "../../src/store/keys.ts";
import { beginSubscription, giveUpSubscription, type Subscription } from "../../src/store/subscriptions.ts";
import type { Fetched } from "./fetch.ts";
import { findHub } from "./hub-discovery.ts";

interface Visited {
  source: string;
  /** The profile's address. */
  url: string;
  subscription: Subscription | undefined;
}

/** Begins a subscription when a feed names a hub, or another one than before; ends it when it names none any more. */
export async function keepHub(edition: Edition, visited: Visited, fetched: Fetched): Promise<void> {
  const { source, url, subscription } = visited;
  // It repeats nothing of what the feed itself says.
  if (fetched.status === 304) return;
  const found = findHub(fetched);
  const isOurs = subscription?.for === url;
  if (found === undefined) {
    if (isOurs) await giveUpSubscription(edition, source, subscription);
    return;
  }
  const isAgreed = isOurs && subscription.hub === found.hub && subscription.topic === found.topic;
  if (!isAgreed) await beginSubscription(edition, source, { for: url, ...found });
}
