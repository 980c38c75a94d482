import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLane } from "../../src/queue/queues.ts";
import { type RunningProduct, runProduct } from "../support/running-product.ts";
import { toDisplayOrder } from "../support/state-hash.ts";

const STORIES = 5_000;
const KILL_EVERY_MS = 3_000;
const AT_ONCE = 40;

let product: RunningProduct;
beforeAll(async () => {
  product = await runProduct();
  const profile = { kind: "push", format: "json-feed", lines: ["chaos"] };
  await product.call("PUT", "/v1/sources/chaos", profile);
});
afterAll(() => product.stop());

interface Version {
  story: number;
  version: number;
}

const toTime = ({ story, version }: Version) =>
  new Date(Date.UTC(2026, 0, 1) + ((story * 7_919) % STORIES) * 1_000 + version * 3_600_000).toISOString();

function toBody(one: Version): object {
  const { story, version } = one;
  const item = {
    id: `story-${story}`,
    title: `Story ${story} of the harbour, version ${version}`,
    content_text: `Version ${version} of what happened at berth ${story}.`,
    date_published: toTime({ story, version: 1 }),
    date_modified: toTime(one),
  };
  return { version: "https://jsonfeed.org/version/1.1", title: "Chaos", items: [item] };
}

/** Most stories have one version, a third has two (of which either comes first), a tenth comes twice. */
function toVersions(): Version[] {
  const versions: Version[] = [];
  for (let story = 0; story < STORIES; story += 1) {
    versions.push({ story, version: 1 });
    if (story % 3 === 0) versions.push({ story, version: 2 });
    if (story % 10 === 0) versions.push({ story, version: 1 });
  }
  return versions
    .map((one, i) => ({ one, at: ((i * 48_271) % 2_147_483_647) % versions.length }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

async function post(one: Version): Promise<void> {
  for (;;) {
    const response = await product
      .call("POST", "/v1/sources/chaos/deliveries", toBody(one))
      .catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.status === 202) return;
    await sleep(100);
  }
}

async function postAll(versions: Version[]): Promise<void> {
  const rest = [...versions];
  const postRest = async () => {
    for (let one = rest.pop(); one !== undefined; one = rest.pop()) await post(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, postRest));
}

interface LineItem {
  id: string;
  headline: string;
  orderedAt: string;
  revision: number;
}

async function readLine(): Promise<LineItem[]> {
  const items: LineItem[] = [];
  let next: string | null = null;
  do {
    const before: string = next === null ? "" : `&before=${encodeURIComponent(next)}`;
    const page: { items: LineItem[]; next: string | null } = await (
      await fetch(`${product.url}/v1/lines/chaos?limit=200${before}`)
    ).json();
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}

describe("workers that are killed again and again", () => {
  it("P2 ORD1 5,000 items in random order, some twice, some stale: every one once, in the order of the line", async () => {
    const killing = setInterval(() => product.kill9("worker"), KILL_EVERY_MS);
    await postAll(toVersions());
    const lane = createLane(
      { kind: "socket", path: join(product.dataDir, "redis.sock") },
      "main",
      "ingest",
      "patient",
    );
    const unfinished = async () => {
      const { active, waiting, delayed } = await lane.getJobCounts("active", "waiting", "delayed");
      return { active, waiting, delayed };
    };
    await expect
      .poll(unfinished, { timeout: 240_000, interval: 500 })
      .toEqual({ active: 0, waiting: 0, delayed: 0 });
    clearInterval(killing);
    const { failed } = await lane.getJobCounts("failed");
    await lane.close();
    const { entries } = await (await product.call("GET", "/v1/quarantine")).json();

    const line = await readLine();
    expect(new Set(line.map(({ id }) => id)).size).toBe(line.length);
    expect(line.length + entries.length).toBeGreaterThanOrEqual(STORIES);
    expect({ failed, quarantined: entries.length, items: line.length }).toEqual({
      failed: 0,
      quarantined: 0,
      items: STORIES,
    });
    expect(line).toEqual(toDisplayOrder(line));
    const wanted = Array.from({ length: STORIES }, (_, story) => ({
      story,
      version: story % 3 === 0 ? 2 : 1,
    })).map((one) => ({
      headline: `Story ${one.story} of the harbour, version ${one.version}`,
      orderedAt: toTime(one),
    }));
    const byHeadline = (a: { headline: string }, b: { headline: string }) =>
      a.headline < b.headline ? -1 : 1;
    const got = line.map(({ headline, orderedAt }) => ({ headline, orderedAt }));
    expect(got.toSorted(byHeadline)).toEqual(wanted.toSorted(byHeadline));
  }, 400_000);
});
