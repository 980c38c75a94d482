import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { FakeGateway } from "../support/fake-gateway.ts";
import { toItem } from "../support/line-model.ts";

const AT = Date.parse("2016-09-28T06:34:24.000Z");
const minutes = (n: number) => new Date(AT + n * 60_000).toISOString();
const id = (n: number) => `item-${String(n).padStart(4, "0")}`;

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
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function open(query = "?time-zone=Asia/Baku", options = {}): Promise<Page> {
  const opened = await openPage(browser, gateway.url + query, options);
  faults = opened.faults;
  return opened.page;
}

function fill(count: number): void {
  for (let n = 0; n < count; n += 1) {
    gateway.put(toItem({ id: id(n), orderedAt: minutes(n), publishedAt: minutes(n) }), `Text of ${n}.`);
  }
}

const headlines = (page: Page) => page.locator("news-line [part=headline]").allTextContents();
const status = (page: Page) => page.locator("news-line [part=status-word]").textContent();
const serverHeadlines = () => gateway.line("demo").items.map((item) => item.headline);

test("WID the list stands in the order of the line, with times and days in the wanted zone", async () => {
  gateway.put(toItem({ id: id(1), orderedAt: minutes(0) }));
  gateway.put(toItem({ id: id(2), orderedAt: "2016-09-27T20:30:00.000Z" }));
  gateway.put(toItem({ id: id(3), orderedAt: "2016-09-27T19:30:00.000Z" }));
  const page = await open();
  await expect.poll(() => headlines(page)).toEqual(serverHeadlines());
  expect(await page.locator("time[part=time]").allTextContents()).toEqual([
    "10:34:24",
    "00:30:00",
    "23:30:00",
  ]);
  expect(await page.locator("[part=day]:visible").allTextContents()).toEqual([
    "Wednesday 28 September 2016",
    "Tuesday 27 September 2016",
  ]);
  expect(await page.locator("time[part=time]").first().getAttribute("datetime")).toBe(minutes(0));
});

test("WID a new item, an update, a correction and a late item each say what they are", async () => {
  fill(2);
  const page = await open();
  await expect.poll(() => headlines(page)).toHaveLength(2);
  const until = new Date(Date.now() + 60_000).toISOString();
  gateway.put(toItem({ id: id(5), orderedAt: minutes(5), urgency: 1, breakingUntil: until }));
  gateway.put(
    toItem({ id: id(0), revision: 2, change: "update", orderedAt: minutes(4), firstCreated: minutes(0) }),
  );
  gateway.put(
    toItem({
      id: id(1),
      revision: 2,
      change: "correction",
      correctionNote: "the name is Aliyeva",
      orderedAt: minutes(1),
    }),
  );
  gateway.put(toItem({ id: id(9), orderedAt: minutes(-60), publishedAt: minutes(18), late: true }));
  await expect
    .poll(async () => (await page.locator("[part=line]").allTextContents()).map((line) => line.trim()))
    .toEqual([
      "BREAKING Headline of item-0005",
      "Headline of item-0000 UPDATED, first 10:34:24",
      "Headline of item-0001 CORRECTED the name is Aliyeva",
      "Headline of item-0009 ADDED 10:52",
    ]);
});

test("KIL3 a killed item leaves at once, also while somebody reads, and seen tells the server", async () => {
  fill(40);
  const page = await open();
  await expect.poll(() => headlines(page)).toHaveLength(40);
  await page.locator("[part=scroller]").evaluate((element) => element.scrollTo({ top: 300 }));
  gateway.remove(id(20), "killed");
  await expect.poll(() => headlines(page)).not.toContain("Headline of item-0020");
  await expect.poll(() => gateway.seen).toEqual([{ line: "demo", position: gateway.line("demo").position }]);
});

test("WID nothing moves under a reader: new items wait behind a pill, corrections do not", async () => {
  fill(40);
  const page = await open();
  await expect.poll(() => headlines(page)).toHaveLength(40);
  const scroller = page.locator("[part=scroller]");
  await scroller.evaluate((element) => element.scrollTo({ top: 300 }));
  gateway.put(toItem({ id: id(50), orderedAt: minutes(50) }));
  gateway.put(toItem({ id: id(51), orderedAt: minutes(51) }));
  gateway.put(toItem({ id: id(52), orderedAt: minutes(52), backfill: true }));
  const note = "it is nine";
  gateway.put(
    toItem({ id: id(39), revision: 2, change: "correction", correctionNote: note, orderedAt: minutes(39) }),
  );
  const pill = page.locator("[part=pill]");
  await expect.poll(() => pill.textContent()).toBe("2 new");
  await expect.poll(() => page.locator("[part=note]").allTextContents()).toEqual([note]);
  expect(await headlines(page)).toHaveLength(40);
  await pill.click();
  await expect.poll(() => headlines(page)).toEqual(serverHeadlines());
  expect(await pill.isVisible()).toBe(false);
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);
});

test("WID an opened item shows its text, its versions and what changed, word by word", async () => {
  gateway.put(toItem({ id: id(1), orderedAt: minutes(1) }), "Nine boats came home.");
  gateway.put(
    toItem({ id: id(1), revision: 2, change: "update", orderedAt: minutes(1) }),
    "Ten boats came home.",
  );
  const page = await open();
  await page.locator("[part=headline]").click();
  await expect.poll(() => page.locator("[part=text]").textContent()).toContain("Ten boats came home.");
  await page.getByRole("button", { name: "what changed" }).click();
  await expect.poll(() => page.locator("del").allTextContents()).toEqual(["Nine"]);
  expect(await page.locator("ins").allTextContents()).toEqual(["Ten"]);
});

test("KIL4 the text of an open item gives way when it is killed, and on hold it says so", async () => {
  gateway.put(toItem({ id: id(1), orderedAt: minutes(1) }), "Secret of one.");
  gateway.put(toItem({ id: id(2), orderedAt: minutes(2) }), "Secret of two.");
  const page = await open();
  for (const n of [1, 2]) await page.locator(`[data-id=${id(n)}] [part=headline]`).click();
  await expect
    .poll(() => page.locator("[part=text]").allTextContents())
    .toEqual(["Secret of two.", "Secret of one."]);
  gateway.remove(id(1), "killed");
  gateway.remove(id(2), "held");
  await expect
    .poll(() => page.locator("[part=notice]").allTextContents())
    .toEqual(["This item is being checked.", "This item has been withdrawn."]);
  const all = await page.locator("news-line [part=list]").textContent();
  expect(all).not.toMatch(/Secret|Headline/u);
});

test("CAT3 a screen that was cut off says since when, and comes back with exactly the server's list", async () => {
  fill(10);
  const page = await open();
  await expect.poll(() => status(page)).toBe("Live");
  await page.locator(`[data-id=${id(3)}] [part=headline]`).click();
  await page.context().setOffline(true);
  gateway.cut();
  await expect.poll(() => status(page), { timeout: 10_000 }).toMatch(/^Offline since \d\d:\d\d$/u);
  for (let n = 20; n < 60; n += 1) gateway.put(toItem({ id: id(n), orderedAt: minutes(n) }));
  for (const n of [3, 4, 25]) gateway.remove(id(n), "killed");
  await page.context().setOffline(false);
  await expect.poll(() => status(page), { timeout: 20_000 }).toBe("Live");
  const notice = page.locator("[part=notice]:visible");
  await expect.poll(() => notice.allTextContents()).toEqual(["This item has been withdrawn."]);
  expect(await headlines(page)).not.toContain("Headline of item-0004");
  await expect.poll(() => page.locator("[part=pill]").textContent()).toBe("39 new");
  await page.keyboard.press("Escape");
  await expect.poll(() => headlines(page)).toEqual(serverHeadlines());
});

test("WID without WebSocket the same line comes by server-sent events, without these by polling", async () => {
  fill(3);
  gateway.blocks.webSocket = true;
  const page = await open();
  await expect.poll(() => status(page), { timeout: 15_000 }).toBe("Live");
  gateway.put(toItem({ id: id(7), orderedAt: minutes(7) }));
  await expect.poll(() => headlines(page)).toEqual(serverHeadlines());
  gateway.blocks.events = true;
  const polled = await open();
  await expect.poll(() => status(polled), { timeout: 20_000 }).toBe("Not live: refreshing every 25 s");
  gateway.remove(id(7), "killed");
  gateway.put(toItem({ id: id(8), orderedAt: minutes(8) }));
  await expect.poll(() => headlines(polled)).toEqual(serverHeadlines());
});

test("WID a gateway that has lost its store does not look like a calm day", async () => {
  fill(1);
  const page = await open();
  await expect.poll(() => status(page)).toBe("Live");
  gateway.tick("demo", false, minutes(30));
  await expect.poll(() => status(page)).toBe("Not live since 11:04");
  gateway.tick("demo");
  await expect.poll(() => status(page)).toBe("Live");
});

test("WID older items come by cursor until the line's end", async () => {
  fill(25);
  const page = await open("?limit=10");
  await expect.poll(() => headlines(page)).toHaveLength(10);
  await page.locator("[part=older]").click();
  await expect.poll(() => headlines(page)).toHaveLength(20);
  await page.locator("[part=older]").click();
  await expect.poll(() => headlines(page)).toEqual(serverHeadlines());
  expect(await page.locator("[part=older]").isVisible()).toBe(false);
});

test("WID PageDown and PageUp go from item to item, Enter opens, Escape closes", async () => {
  fill(5);
  const page = await open();
  await expect.poll(() => headlines(page)).toHaveLength(5);
  await page.locator("[part=item]").first().focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[part=text]").allTextContents()).toEqual(["Text of 3."]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("[part=details]").count()).toBe(0);
});

test("WID what comes is announced in one summary, breaking at once, a backfill never", async () => {
  fill(1);
  const page = await open();
  await expect.poll(() => headlines(page)).toHaveLength(1);
  const until = new Date(Date.now() + 60_000).toISOString();
  gateway.put(toItem({ id: id(7), orderedAt: minutes(7), backfill: true }));
  gateway.put(toItem({ id: id(8), orderedAt: minutes(8), urgency: 1, breakingUntil: until }));
  gateway.put(toItem({ id: id(9), orderedAt: minutes(9) }));
  await expect
    .poll(() => page.locator("[aria-live=assertive]").textContent())
    .toBe("BREAKING: Headline of item-0008");
  await expect
    .poll(() => page.locator("[aria-live=polite]").textContent())
    .toBe("1 new: Headline of item-0009");
});

test("WID several widgets of a page share one connection", async () => {
  fill(2);
  gateway.put(toItem({ id: id(3), lines: ["city"] }));
  const page = await open();
  await page.evaluate(() => {
    for (const line of ["city", "demo"]) {
      const element = document.createElement("news-line");
      element.setAttribute("line", line);
      document.body.append(element);
    }
  });
  await expect.poll(() => headlines(page)).toHaveLength(5);
  expect(gateway.io.engine.clientsCount).toBe(1);
});

test("KIL3 server-made items that have been killed since are never painted by the widget", async () => {
  fill(2);
  gateway.remove(id(0), "killed");
  const page = await open();
  await page.evaluate(() => {
    const element = document.createElement("news-line");
    element.id = "made";
    const list = document.createElement("ol");
    list.dataset["position"] = "epoch0001:2";
    list.textContent = "Headline of item-0000";
    element.append(list);
    element.setAttribute("line", "demo");
    document.body.append(element);
  });
  await expect
    .poll(() => page.locator("#made [part=headline]").allTextContents())
    .toEqual(["Headline of item-0001"]);
  expect(await page.locator("#made ol[data-position]").isVisible()).toBe(false);
});

test("WID a language reads in its own words and direction", async () => {
  fill(1);
  const page = await open("?locale=ar&time-zone=Asia/Baku");
  await expect.poll(() => status(page)).toBe("مباشر");
  expect(await page.locator("[part=frame]").getAttribute("dir")).toBe("rtl");
});
