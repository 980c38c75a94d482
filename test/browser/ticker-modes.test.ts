import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { FakeGateway } from "../support/fake-gateway.ts";
import { toItem } from "../support/line-model.ts";

let browser: Browser;
let gateway: FakeGateway;
let faults: string[] = [];

const id = (n: number) => `item-000${n}`;
const put = (n: number, more = {}) => {
  const orderedAt = `2026-03-04T10:0${n}:00.000Z`;
  gateway.put(toItem({ id: id(n), orderedAt, headline: `Number ${n}`, ...more }));
};

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.start();
  for (const n of [1, 2, 3]) put(n);
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function open(query: string, options = {}): Promise<Page> {
  const opened = await openPage(browser, gateway.url + query, options);
  faults = opened.faults;
  await expect.poll(() => opened.page.locator("[part=headline]").count()).toBeGreaterThan(0);
  return opened.page;
}

const place = async (page: Page, n: number) => {
  return (
    (
      await page
        .locator(`[data-id=${id(n)}]:not([inert])`)
        .first()
        .boundingBox()
    )?.x ?? Number.NaN
  );
};

test("WID the crawl moves, and neither jumps nor restarts when items come", async () => {
  const page = await open("?mode=crawl&speed=40");
  const before = await place(page, 2);
  await expect.poll(() => place(page, 2)).toBeLessThan(before);
  await page.locator("[part=pause]").click();
  const stopped = await place(page, 2);
  put(9);
  put(1, { revision: 2, change: "update", headline: "Number 1, longer than it was" });
  await expect.poll(() => page.locator("[part=crawl]").textContent()).toContain("longer than it was");
  const after = await place(page, 2);
  // Number 1 stands behind it, so its longer words push nothing that was read already.
  expect(after).toBe(stopped);
});

test("WID copies in the crawl are inert", async () => {
  const page = await open("?mode=crawl&limit=1");
  await expect.poll(() => page.locator("[data-id][inert][aria-hidden=true]").count()).toBeGreaterThan(0);
  expect(await page.locator("[data-id]:not([inert])").count()).toBe(1);
});

test("KIL3 what is withdrawn leaves the crawl at once, its copies too", async () => {
  const page = await open("?mode=crawl&speed=10");
  await expect.poll(() => page.locator("[part=crawl]").textContent()).toContain("Number 2");
  gateway.remove(id(2), "killed");
  await expect.poll(() => page.locator("[part=crawl]").textContent()).not.toContain("Number 2");
});

test("WID the crawl's pause stays, and hovering holds it", async () => {
  const page = await open("?mode=crawl&speed=80");
  await page.locator("[part=pause]").click();
  await page.mouse.move(0, 0);
  expect(await page.locator("[part=pause]").textContent()).toBe("Play");
  const held = await page.locator(".track").evaluate((element) => element.style.transform);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await page.locator(".track").evaluate((element) => element.style.transform)).toBe(held);
});

test("WID without motion the crawl is a list", async () => {
  const page = await open("?mode=crawl", { reducedMotion: "reduce" });
  expect(await page.locator("[role=feed] [part=headline]").allTextContents()).toEqual([
    "Number 3",
    "Number 2",
    "Number 1",
  ]);
});

test("WID the flip shows one item, goes both ways, and lets go of what is withdrawn", async () => {
  const page = await open("?mode=flip");
  const shown = () => page.locator("[part=headline]").allTextContents();
  expect(await shown()).toEqual(["Number 3"]);
  await page.getByRole("button", { name: "Next" }).click();
  expect(await shown()).toEqual(["Number 2"]);
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByRole("button", { name: "Previous" }).click();
  expect(await shown()).toEqual(["Number 1"]);
  gateway.remove(id(1), "killed");
  await expect.poll(shown).toEqual(["Number 3"]);
});

test("WID the mode can be changed on a page that stands", async () => {
  const page = await open("?mode=flip");
  await page.evaluate(() => document.querySelector("news-line")?.setAttribute("mode", "list"));
  await expect.poll(() => page.locator("[role=feed] [part=headline]").count()).toBe(3);
});
