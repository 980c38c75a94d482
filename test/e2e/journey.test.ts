import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Delta } from "../../src/contract/delta.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { type Endpoint, startEndpoint } from "../support/endpoint.ts";
import { type RunningProduct, runProduct } from "../support/running-product.ts";

const FEED = (...titles: string[]) => `<?xml version="1.0"?><rss version="2.0"><channel><title>Selin</title>
${titles.map((title, i) => `<item><guid isPermaLink="false">feed-${i}</guid><title>${title}</title><description>From the feed.</description><pubDate>Fri, 16 Apr 2021 0${i + 1}:00:00 GMT</pubDate></item>`).join("\n")}
</channel></rss>`;

const PAGE = `Bridge of Tamsin open again (UPDATED)

Lorries may cross as well since noon, the road office says.—0--

*   *   *

2021 April 16 (Friday) 10:34:24

The bridge of Tamsin is open to cars again after three weeks. -02D-

Follow us on social networks

News Line`;

const WIRE = PAGE.replace("Bridge of Tamsin open again (UPDATED)", "Lighthouse of Marrow lit by hand")
  .replace(
    "bridge of Tamsin is open to cars again after three weeks",
    "lighthouse keeper lit the lamp by hand on Thursday",
  )
  .replace(
    "Lorries may cross as well since noon, the road office says",
    "The lamp is electric again, says the keeper",
  );

let product: RunningProduct;
let endpoint: Endpoint;
let browser: Browser;
let page: Page;
let socket: Socket;
const deltas: Delta[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint((_, response) => {
    response.setHeader("Content-Type", "application/rss+xml");
    response.end(FEED("Known since the first poll"));
  });
  product = await runProduct({ NEWSLINE_FETCH_ALLOW: "127.0.0.0/8" });
  socket = io(product.url, { transports: ["websocket"] });
  socket.on("delta", (delta: Delta) => deltas.push(delta));
  await socket.emitWithAck("subscribe", { line: "main" });
  browser = await launchBrowser();
  ({ page } = await openPage(browser, `${product.url}/?line=main&time-zone=Asia/Baku`));
});
afterAll(async () => {
  socket.disconnect();
  await browser.close();
  await product.stop();
  await endpoint.close();
});

const PATIENCE = { timeout: 15_000, interval: 50 };

/** On the reader's socket and on the reader's screen. */
async function expectOnLine(headline: string): Promise<void> {
  await expect
    .poll(
      () => deltas.flatMap(({ ops }) => ops).some((op) => op.op === "put" && op.item.headline === headline),
      PATIENCE,
    )
    .toBe(true);
  await page.getByText(headline).first().waitFor({ timeout: 15_000 });
}

describe("one line from every kind of source to a socket and a screen", () => {
  it("E2E1 what a polled feed gets is on the line", async () => {
    const profile = { kind: "poll", url: `${endpoint.url}/feed`, every: 5, lines: ["main"], format: "rss" };
    expect((await product.call("PUT", "/v1/sources/selin", profile)).status).toBe(200);
    await expectOnLine("Known since the first poll");
    endpoint.answer((_, response) => {
      response.setHeader("Content-Type", "application/rss+xml");
      response.end(FEED("Known since the first poll", "New in the feed"));
    });
    await expectOnLine("New in the feed");
  });

  it("E2E1 a page posted to the webhook is one item with two revisions in its own place and zone", async () => {
    const profile = { kind: "push", format: "agency-page", zone: "Asia/Baku", lines: ["main"] };
    await product.call("PUT", "/v1/sources/turan", profile);
    const answer = await product.call("POST", "/v1/sources/turan/deliveries", PAGE, "text/plain");
    expect(answer.status).toBe(202);
    await expectOnLine("Bridge of Tamsin open again");
    const line = await (await fetch(`${product.url}/v1/lines/main`)).json();
    const item = line.items.find(
      (one: { headline: string }) => one.headline === "Bridge of Tamsin open again",
    );
    expect(item).toMatchObject({
      revision: 2,
      change: "update",
      orderedAt: "2021-04-16T06:34:24.000Z",
      signOff: "—0--",
    });
    const row = page.locator("news-line").getByText("10:34:24");
    await row.first().waitFor();
  });

  it("E2E1 a file dropped into the wire folder is on the line", async () => {
    const profile = { kind: "folder", format: "agency-page", zone: "Asia/Baku", lines: ["main"] };
    await product.call("PUT", "/v1/sources/marrow", profile);
    const folder = join(product.dataDir, "wire", "marrow");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "lighthouse.txt"), WIRE);
    await expectOnLine("Lighthouse of Marrow lit by hand");
  });

  it("E2E1 P5 what an editor publishes is on the line, and a kill takes it off the screen", async () => {
    const answer = await product.call("POST", "/v1/items", { headline: "Port of Selin closed", urgency: 1 });
    expect(answer.status).toBe(201);
    const { item } = await answer.json();
    await expectOnLine("Port of Selin closed");
    const killed = await product.call("POST", `/v1/items/${item.id}/kill`, { reason: "not so" });
    expect(killed.status).toBe(200);
    await expect
      .poll(() => deltas.flatMap(({ ops }) => ops).find((op) => op.op === "remove"), PATIENCE)
      .toMatchObject({ id: item.id, reason: "killed" });
    await page.getByText("Port of Selin closed").waitFor({ state: "detached", timeout: 2_000 });
    expect((await fetch(`${product.url}/v1/items/${item.id}`)).status).toBe(410);
  });

  it("CAT1 the reader's socket continued without a gap from its first position", () => {
    for (const [i, delta] of deltas.entries()) {
      const before = deltas[i - 1];
      if (before !== undefined) expect(delta.from).toBe(before.to);
    }
    expect(deltas.length).toBeGreaterThan(4);
  });
});
