import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { EDITOR_TOKEN, FakeDesk } from "../support/fake-desk.ts";
import { FakeGateway } from "../support/fake-gateway.ts";

let browser: Browser;
let gateway: FakeGateway;
let desk: FakeDesk;
let faults: string[] = [];

const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true };

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  gateway = new FakeGateway();
  desk = new FakeDesk(gateway);
  await gateway.start();
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function signIn(options: BrowserContextOptions = {}): Promise<Page> {
  const opened = await openPage(browser, `${gateway.url}desk`, { timezoneId: "UTC", ...options });
  faults = opened.faults;
  const { page } = opened;
  await page.getByLabel("Token").fill(EDITOR_TOKEN);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[part=status-word]").textContent()).toBe("Live");
  return page;
}

/** Items begin in this order, at these times. */
const put = (id: string, more = {}) =>
  desk.put({ id, headline: `Headline of ${id}`, lines: ["main"], ...more });
const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

test("DSK the date stands once for each day of the list", async () => {
  put("item-0001", { orderedAt: "2026-03-03T23:50:00.000Z" });
  put("item-0002", { orderedAt: "2026-03-03T23:40:00.000Z" });
  put("item-0003", { orderedAt: "2026-03-04T00:10:00.000Z" });
  const page = await signIn({ locale: "en-GB" });
  await expect
    .poll(() => page.locator(".item .day:visible").allTextContents())
    .toEqual(["Wednesday 4 March 2026", "Tuesday 3 March 2026"]);
});

test("DSK what goes out or ends within five minutes is told once, and comes first under Next", async () => {
  put("item-0001", { pubStatus: "withheld", orderedAt: ahead(-1) });
  put("item-0002", { embargoedUntil: ahead(50), orderedAt: ahead(-2) });
  put("item-0003", { embargoedUntil: ahead(4), orderedAt: ahead(-3) });
  put("item-0004", { expires: ahead(30), orderedAt: ahead(-4) });
  const page = await signIn();
  const soon = page.locator(".warning");
  await expect.poll(() => soon.textContent()).toMatch(/^\S+ goes out: Headline of item-0003$/u);
  expect(await soon.getAttribute("role")).toBe("status");
  await page.getByRole("button", { name: "Next 4" }).press("Enter");
  const ids = () => page.locator(".item").evaluateAll((rows) => rows.map((row) => row.dataset["id"]));
  await expect.poll(ids).toEqual(["item-0003", "item-0004", "item-0002", "item-0001"]);
  expect(await page.locator(".item").first().locator(".state").allTextContents()).toContain("OUT SOON");
});

test("DSK on a phone sources are cards that fit, and what can be touched is large enough", async () => {
  put("item-0001");
  const page = await signIn(PHONE);
  await expect.poll(() => page.locator(".item").count()).toBe(1);
  const update = page.getByRole("button", { name: "Update" });
  expect(await update.isVisible()).toBe(false);
  await page.getByRole("button", { name: "Actions" }).press("Enter");
  await expect.poll(() => update.isVisible()).toBe(true);
  const buttons = await page
    .locator("button:visible")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(Math.min(...buttons)).toBeGreaterThanOrEqual(44);
  await page.getByRole("button", { name: "Sources" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Profile of coast" }).isVisible()).toBe(true);
  expect(await isWide(page)).toBe(false);
  const fits = await page.locator(".panel").evaluate((panel) => panel.scrollWidth <= panel.clientWidth);
  expect(fits).toBe(true);
});

test("DSK a history begins at its top, and Escape gives the focus back to its item", async () => {
  put("item-0001");
  const page = await signIn();
  const row = page.locator(".item");
  await row.focus();
  await page.keyboard.press("y");
  const history = page.getByRole("group", { name: "History" });
  await expect.poll(() => history.evaluate((element) => element === document.activeElement)).toBe(true);
  put("item-0002");
  await expect.poll(() => page.locator(".item").count()).toBe(2);
  expect(await history.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  const first = page.locator('[data-id="item-0001"]');
  await expect.poll(() => first.evaluate((element) => element === document.activeElement)).toBe(true);
});
