import type { Config } from "../../src/config.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import type { Logger } from "../../src/log.ts";
import type { Edition } from "../../src/store/keys.ts";
import { readSource } from "../../src/store/sources.ts";
import {
  changeSubscription,
  dueSubscription,
  endSubscription,
  listDueSubscriptions,
  listSubscriptions,
  readSubscription,
  type Subscription,
} from "../../src/store/subscriptions.ts";
import { createDuty } from "../duty.ts";
import type { Loop } from "../loop.ts";
import { AddressGuard } from "./address-guard.ts";
import { guardedFetch } from "./fetch.ts";
import { toPollUrl } from "./poll-visit.ts";
import { watchProfiles } from "./profile-watch.ts";

const ROUND_MS = 2_000;
/** What a hub is asked for; it may give less. */
const LEASE_SECONDS = 10 * 86_400;
/** A hub that has not verified by then is asked again. */
const VERIFY_MS = 10 * 60_000;
const HUB_TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 5 * 60_000;
const LONGEST_RETRY_MS = 24 * 3_600_000;

export interface SubscriberOptions {
  edition: Edition;
  guard: AddressGuard;
  /** Where hubs find a gateway. */
  publicUrl: string;
  log: Logger;
  signal: AbortSignal;
}

/** None where hubs cannot reach a gateway. */
export function createSubscriber(config: Config, edition: Edition, log: Logger): Loop[] {
  const { publicUrl, fetchAllow } = config;
  if (publicUrl === undefined) return [];
  const closing = new AbortController();
  const guard = new AddressGuard(fetchAllow);
  const subscriber = new Subscriber({ edition, guard, publicUrl, log, signal: closing.signal });
  const duty = { name: "subscriptions", everyMs: ROUND_MS, work: () => subscriber.round() };
  const loop = createDuty(duty, edition, log);
  return [
    {
      start: () => loop.start(),
      close: async () => {
        closing.abort();
        await loop.close();
      },
    },
  ];
}

/** Asks hubs to push, again before each lease ends, and lets go of what no source wants any more (WebSub 5). */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #changedProfiles: () => Promise<ReadonlyMap<string, SourceProfile> | undefined>;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#changedProfiles = watchProfiles(options.edition);
  }

  async round(nowMs = Date.now()): Promise<void> {
    const { edition, signal } = this.#options;
    const profiles = await this.#changedProfiles();
    const due = await listDueSubscriptions(edition, nowMs);
    const unwanted = profiles === undefined ? [] : await this.#listUnwanted(profiles);
    const byHub = await this.#groupByHub(new Set([...due, ...unwanted]));
    // One question to a hub at a time, as with every other host.
    await Promise.all(
      [...byHub.values()].map(async (sources) => {
        for (const source of sources) if (!signal.aborted) await this.#tend(source, nowMs);
      }),
    );
  }

  /** Their leases may go on for days; nobody waits for them any more. */
  async #listUnwanted(profiles: ReadonlyMap<string, SourceProfile>): Promise<string[]> {
    const { edition } = this.#options;
    const sources = await listSubscriptions(edition);
    const subscriptions = await Promise.all(sources.map((source) => readSubscription(edition, source)));
    return sources.filter(
      (source, index) => toPollUrl(profiles.get(source))?.url !== subscriptions[index]?.for,
    );
  }

  async #groupByHub(sources: Iterable<string>): Promise<Map<string, string[]>> {
    const groups = new Map<string, string[]>();
    for (const source of sources) {
      const hub = (await readSubscription(this.#options.edition, source))?.hub ?? "";
      groups.set(hub, [...(groups.get(hub) ?? []), source]);
    }
    return groups;
  }

  async #tend(source: string, nowMs: number): Promise<void> {
    const { edition } = this.#options;
    const [subscription, profile] = await Promise.all([
      readSubscription(edition, source),
      readSource(edition, source),
    ]);
    // What is leaving has had its time to be verified.
    if (subscription === undefined || subscription.state === "leaving") {
      await endSubscription(edition, source);
    } else if (toPollUrl(profile)?.url !== subscription.for) {
      await this.#leave(source, subscription, nowMs);
    } else {
      await this.#ask(source, subscription, nowMs);
    }
  }

  async #ask(source: string, subscription: Subscription, nowMs: number): Promise<void> {
    const { edition, log } = this.#options;
    const failures = subscription.failures + 1;
    // Counted as a failure until the hub verifies; and before it is asked, since it may verify while we wait.
    const retryMs = Math.min(
      LONGEST_RETRY_MS,
      Math.max(VERIFY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 20)),
    );
    const state = subscription.state === "active" ? "active" : "asking";
    if (!(await changeSubscription(edition, source, subscription, { failures, state }))) return;
    await dueSubscription(edition, source, nowMs + retryMs);
    const refusal = await this.#post(source, subscription, "subscribe");
    if (refusal === undefined) return;
    if (failures === 1) log.warn({ source, reason: refusal }, "a hub does not take a subscription");
    await changeSubscription(edition, source, subscription, { message: refusal });
  }

  /** The hub asks back whether that is meant, so what was agreed is kept until then. */
  async #leave(source: string, subscription: Subscription, nowMs: number): Promise<void> {
    const { edition } = this.#options;
    if (subscription.state !== "active") return await endSubscription(edition, source);
    await changeSubscription(edition, source, subscription, { state: "leaving" });
    await dueSubscription(edition, source, nowMs + VERIFY_MS);
    await this.#post(source, subscription, "unsubscribe");
  }

  /** Undefined when the hub has taken it; else why not, in a sentence. */
  async #post(source: string, subscription: Subscription, mode: string): Promise<string | undefined> {
    const { guard, publicUrl, signal } = this.#options;
    const { hub, topic, token, secret } = subscription;
    const form = {
      "hub.mode": mode,
      "hub.topic": topic,
      "hub.callback": `${publicUrl}/v1/websub/${encodeURIComponent(source)}/${token}`,
      ...(mode === "subscribe" && { "hub.lease_seconds": String(LEASE_SECONDS), "hub.secret": secret }),
    };
    const headers = { "user-agent": "NewsLine/0.1" };
    try {
      const options = { guard, signal, headers, form, timeoutMs: HUB_TIMEOUT_MS, mostBytes: 65_536 };
      const { status, url } = await guardedFetch(hub, options);
      return status >= 200 && status < 300 ? undefined : `${new URL(url).host} answered with ${status}.`;
    } catch (error) {
      if (!signal.aborted && !(error instanceof NewsLineError)) throw error;
      return error instanceof Error ? error.message : String(error);
    }
  }
}
