import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { FakeGateway } from "../support/fake-gateway.ts";
import { toItem } from "../support/line-model.ts";

let browser: Browser;
let gateway: FakeGateway;
let faults: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.start();
  for (const line of ["demo", "city"]) {
    for (const n of [1, 2]) {
      const orderedAt = new Date(Date.now() - n * 60_000).toISOString();
      gateway.put(toItem({ id: `${line}-000${n}`, lines: [line], headline: `${line} ${n}`, orderedAt }));
    }
  }
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function openWall(query = ""): Promise<Page> {
  const opened = await openPage(browser, `${gateway.url}wall${query}`);
  faults = opened.faults;
  await expect.poll(() => opened.page.locator("[data-status=live]").count()).toBe(2);
  return opened.page;
}

const band = (page: Page) => page.locator(".breaking:visible p").allTextContents();

test("WALL lines stand side by side over one connection", async () => {
  const page = await openWall("?lines=city,demo");
  expect(await page.locator("[part=title]").allTextContents()).toEqual(["1 city", "2 demo"]);
  expect(await page.locator("[part=headline]").allTextContents()).toEqual([
    "city 1",
    "city 2",
    "demo 1",
    "demo 2",
  ]);
  expect(gateway.io.engine.clientsCount).toBe(1);
});

test("WALL the band shows the newest breaking item, gives way to its successor, and never keeps what is withdrawn", async () => {
  const page = await openWall();
  expect(await band(page)).toEqual([]);
  const now = Date.now();
  const breakingUntil = new Date(now + 600_000).toISOString();
  const put = (id: string, ageMs: number) => {
    const orderedAt = new Date(now - ageMs).toISOString();
    gateway.put(toItem({ id, lines: ["demo"], headline: id, urgency: 1, orderedAt, breakingUntil }));
  };
  put("breaking-1", 5000);
  await expect.poll(() => band(page)).toEqual(["breaking-1"]);
  put("breaking-2", 1000);
  await expect.poll(() => band(page)).toEqual(["breaking-2"]);
  gateway.remove("breaking-2", "killed");
  await expect.poll(() => band(page)).toEqual(["breaking-1"]);
  gateway.remove("breaking-1", "killed");
  await expect.poll(() => band(page)).toEqual([]);
  expect(await page.locator(".breaking").textContent()).not.toContain("breaking-");
});

test("WALL a breaking mark ends by its time, without any news", async () => {
  const page = await openWall();
  const orderedAt = new Date().toISOString();
  const breakingUntil = new Date(Date.now() + 2500).toISOString();
  gateway.put(
    toItem({ id: "breaking-1", lines: ["city"], headline: "Short", urgency: 1, orderedAt, breakingUntil }),
  );
  await expect.poll(() => band(page)).toEqual(["Short"]);
  await expect.poll(() => page.locator("[data-breaking]").count(), { timeout: 10_000 }).toBe(0);
  await expect.poll(() => band(page)).toEqual([]);
});

test("WALL the clock beats, and the strip tells what is out of the usual", async () => {
  const page = await openWall();
  const clock = page.locator(".clock");
  const first = await clock.textContent();
  await expect.poll(() => clock.textContent(), { timeout: 5000 }).not.toBe(first);
  expect(await page.locator(".odd").count()).toBe(0);
  gateway.status = { ...gateway.status, worker: false };
  await expect
    .poll(() => page.locator(".odd").allTextContents(), { timeout: 12_000 })
    .toEqual(["Worker▲ none"]);
});

test("WALL keys: one lane alone, a filter by words, help", async () => {
  const page = await openWall("?lines=city,demo");
  await page.keyboard.press("2");
  expect(await page.locator("news-line:visible").count()).toBe(1);
  await page.keyboard.press("2");
  expect(await page.locator("news-line:visible").count()).toBe(2);
  await page.keyboard.press("/");
  await page.keyboard.type("demo 2");
  await expect.poll(() => page.locator("[part=headline]").allTextContents()).toEqual(["demo 2"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  expect(await page.locator("dialog[open] h2").textContent()).toBe("Keys");
});

test("WALL what keys do can be touched as well, and a filter that fits nothing says so", async () => {
  const page = await openWall("?lines=city,demo");
  await page.getByRole("button", { name: "/ filter" }).click();
  await page.keyboard.type("nowhere");
  await expect
    .poll(() => page.locator("[part=empty]:visible").allTextContents())
    .toEqual(["Nothing fits the filter", "Nothing fits the filter"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "? help" }).click();
  expect(await page.locator("dialog[open] h2").textContent()).toBe("Keys");
});

test("WIR9 with a token the strip shows each source's usual pace, and what is odd stands out with a sign", async () => {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const toSource = (source: string, lastItemAt: string, report: object) => ({
    source,
    profile: { kind: "push" },
    health: { lastItemAt, report },
  });
  const sources = [
    toSource("coast", at(3), { usualPerHour: 4, alarms: [] }),
    toSource("city", at(190), { usualPerHour: 6, alarms: [{ kind: "silent" }] }),
    toSource("sport", at(2), { missing: [{ count: 3 }], alarms: [{ kind: "missing" }] }),
  ];
  gateway.app.get("/v1/sources", (_request, response) => void response.json({ sources }));
  const page = await openWall();
  await page.keyboard.press("t");
  await page.getByLabel("Token").fill("any");
  await page.keyboard.press("Enter");
  const figures = () => page.locator(".sources dd").allTextContents();
  await expect
    .poll(figures)
    .toEqual(["3 min ago · usually every 15 min", "▲ silent for 3 h", "▲ 3 numbers missing"]);
  expect(await page.locator(".sources .odd dt").allTextContents()).toEqual(["city", "sport"]);
});
