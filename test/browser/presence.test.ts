import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { EDITOR_TOKEN, FakeDesk } from "../support/fake-desk.ts";
import { FakeGateway } from "../support/fake-gateway.ts";

let browser: Browser;
let gateway: FakeGateway;
let desk: FakeDesk;
let faults: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  gateway = new FakeGateway();
  desk = new FakeDesk(gateway);
  gateway.status = { ...gateway.status, readers: { main: 1204, city: 1 }, gateways: 3 };
  await gateway.start();
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function open(path: string): Promise<Page> {
  const opened = await openPage(browser, `${gateway.url}${path}`);
  faults = opened.faults;
  return opened.page;
}

async function openDesk(): Promise<Page> {
  const page = await open("desk");
  await page.getByLabel("Token").fill(EDITOR_TOKEN);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[part=status-word]").textContent()).toBe("Live");
  return page;
}

async function withdraw(page: Page): Promise<void> {
  const row = page.locator(".desk-list .item").first();
  await row.getByRole("button", { name: "Withdraw", exact: true }).click();
  await row.getByLabel(/Type its first word/u).fill("Harbour");
  await row.getByLabel(/Reason/u).fill("not so");
  await row.getByRole("button", { name: "Withdraw for good" }).click();
}

const put = () => desk.put({ id: "item-0001", headline: "Harbour opens again", lines: ["main"] });
const left = (page: Page) => page.locator(".screens .left").textContent();
/** What a screen reader would say by itself. */
const isLive = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluate((element) => element.closest("[aria-live], [role=status], [role=alert]") !== null);

test("SEEN3 after a withdrawal the desk tells how many screens still show it, until there is none", async () => {
  put();
  desk.screens = { still: 3, unknown: 12, pending: 0, lastSeenAt: "2026-03-04T10:41:07.000Z" };
  const page = await openDesk();
  await withdraw(page);
  await expect.poll(() => left(page)).toMatch(/^still on 3 screens, last seen \d\d:41:07$/u);
  expect(await page.locator(".screens .others").textContent()).toBe("12 others cannot tell");
  const strip = await page.locator(".screens").textContent();
  expect(strip).toContain("Withdrawn from main");
  expect(strip).not.toContain("Harbour");
  expect(await isLive(page, ".screens")).toBe(false);
  desk.screens = { still: 0, unknown: 0, pending: 1 };
  await expect.poll(() => left(page)).toBe("waiting for 1 gateway to tell");
  desk.screens = { still: 0, unknown: 0, pending: 0 };
  await expect.poll(() => left(page)).toBe("off every screen that can tell");
  await expect.poll(() => page.locator(".screens").isVisible(), { timeout: 15_000 }).toBe(false);
});

test("SEEN3 the same after a correction; what the server has forgotten is not asked for again", async () => {
  put();
  desk.screens = { still: 1, unknown: 0, pending: 0 };
  const page = await openDesk();
  const row = page.locator(".desk-list .item").first();
  await row.getByRole("button", { name: "Correct" }).click();
  await row.getByLabel(/Note for readers/u).fill("it opens tomorrow");
  await row.getByRole("button", { name: "Send the correction" }).click();
  await expect.poll(() => left(page)).toBe("still on 1 screen");
  expect(await page.locator(".screens").textContent()).toContain("Corrected on main");
  desk.screens = undefined;
  await expect.poll(() => page.locator(".screens").isVisible()).toBe(false);
});

test("PRS4 the desk tells how many read the line, and says nothing rather than an old number", async () => {
  const page = await openDesk();
  await expect.poll(() => page.locator(".readers").textContent()).toBe("1,204 readers");
  expect(await page.locator(".readers").getAttribute("title")).toBe("Who follows main now at 3 gateways");
  expect(await isLive(page, ".readers")).toBe(false);
  gateway.status = { live: true };
  await expect.poll(() => page.locator(".readers").textContent(), { timeout: 15_000 }).toBe("");
});

test("PRS4 the wall's figures are changed where they stand, and only when they differ", async () => {
  const page = await open("wall?lines=main");
  const readers = page.locator(".figures div", { hasText: "Readers" });
  await expect.poll(() => readers.locator("dd").textContent()).toBe("1,205 · main 1,204 · city 1");
  expect(await isLive(page, ".strip")).toBe(false);
  const changes = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const figures = document.querySelector(".figures");
        if (figures === null) throw new Error("there is no strip");
        const observer = new MutationObserver((records) => (count += records.length));
        observer.observe(figures, { subtree: true, childList: true, characterData: true, attributes: true });
        setTimeout(() => resolve(count), 6_000);
      }),
  );
  expect(changes).toBe(0);
  gateway.status = { ...gateway.status, readers: { main: 7 } };
  await expect.poll(() => readers.locator("dd").textContent()).toBe("7");
});
