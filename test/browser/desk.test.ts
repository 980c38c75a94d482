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
  await gateway.start();
});
afterEach(async () => {
  await gateway.close();
  expect(faults).toEqual([]);
});

async function signIn(): Promise<Page> {
  const opened = await openPage(browser, `${gateway.url}desk`);
  faults = opened.faults;
  const { page } = opened;
  await page.getByLabel("Token").fill(EDITOR_TOKEN);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[part=status-word]").textContent()).toBe("Live");
  return page;
}

const composer = (page: Page) => page.locator("textarea.headline");
const headlines = (page: Page) => page.locator(".desk-list .headline").allTextContents();
const readers = () => gateway.line("main").items.map((item) => item.headline);
const put = (id: string, headline: string, more = {}) => desk.put({ id, headline, lines: ["main"], ...more });

test("DSK a wrong token is told in words and lets nobody in", async () => {
  const { page } = await openPage(browser, `${gateway.url}desk`);
  await page.getByLabel("Token").fill("nonsense");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("alert").textContent()).toBe("This token is not known here.");
});

test("DSK headline, Enter: on the line, and the composer is ready for the next", async () => {
  const page = await signIn();
  expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type("Ferries run again");
  expect(await page.locator(".primary").textContent()).toBe("Send to main");
  await page.keyboard.press("Enter");
  await expect.poll(readers).toEqual(["Ferries run again"]);
  await expect.poll(() => headlines(page)).toEqual(["Ferries run again"]);
  expect(await composer(page).inputValue()).toBe("");
  expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
});

test("DSK undo within 5 seconds withdraws what was sent", async () => {
  const page = await signIn();
  await page.keyboard.type("Sent too soon");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.locator(".undo").textContent()).toBe("Withdrawn from main.");
  expect(readers()).toEqual([]);
  expect(desk.killed).toHaveLength(1);
});

test("DSK urgency 1 and 2 take Ctrl+Enter", async () => {
  const page = await signIn();
  await page.keyboard.press("Control+1");
  await page.keyboard.type("Storm over the bay");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".message").first().textContent()).toContain("Ctrl+Enter");
  expect(readers()).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await expect.poll(readers).toEqual(["Storm over the bay"]);
  expect(gateway.line("main").items[0]?.urgency).toBe(1);
});

test("DSK after a pasted line break Enter does not send", async () => {
  const page = await signIn();
  await composer(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "Two\nlines");
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  });
  await page.keyboard.type("Two lines");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".message").first().textContent()).toContain("pasted");
  expect(readers()).toEqual([]);
});

test("DSK a refused command says so in words, keeps the text, and repeats an open one under its key", async () => {
  const page = await signIn();
  desk.refusals.push("outcome_unknown", "not_stored");
  await page.keyboard.type("Keep my words");
  await page.keyboard.press("Enter");
  const message = page.locator(".message").first();
  await expect
    .poll(() => message.textContent())
    .toBe("This was not stored and will not be. Your text is kept: send it again.");
  expect(await composer(page).inputValue()).toBe("Keep my words");
  await page.keyboard.press("Enter");
  await expect.poll(readers).toEqual(["Keep my words"]);
  const [first, repeat, again] = desk.keys;
  expect(repeat).toBe(first);
  expect(again).not.toBe(first);
});

test("DSK a reload loses nothing that was typed", async () => {
  const page = await signIn();
  await page.keyboard.type("Half a headl");
  await page.reload();
  await expect.poll(() => composer(page).inputValue()).toBe("Half a headl");
});

test("DSK held items stand on the desk, marked, and not before readers; release brings them back", async () => {
  put("item-0001", "Checked twice");
  const page = await signIn();
  await page.locator(".item").focus();
  await page.keyboard.press("h");
  await expect.poll(() => page.locator(".state").allTextContents()).toEqual(["ON HOLD"]);
  expect(readers()).toEqual([]);
  await page.getByRole("button", { name: "Release" }).click();
  await expect.poll(readers).toEqual(["Checked twice"]);
});

test("COR1 a correction is not sent without the note that readers see", async () => {
  put("item-0001", "Alieva opens the bridge");
  const page = await signIn();
  await page.getByRole("button", { name: "Correct" }).click();
  await page.getByLabel("Headline", { exact: true }).fill("Aliyeva opens the bridge");
  await page.getByRole("button", { name: "Send the correction" }).click();
  await expect.poll(() => page.locator(".form .problem").textContent()).toContain("needs a note");
  await page.getByLabel("Note for readers").fill("the name is Aliyeva");
  await page.getByRole("button", { name: "Send the correction" }).click();
  await expect
    .poll(() => page.locator(".state").allTextContents())
    .toEqual(["CORRECTED the name is Aliyeva"]);
  expect(readers()).toEqual(["Aliyeva opens the bridge"]);
});

test("DSK when somebody else was faster both texts stand there and neither is lost", async () => {
  put("item-0001", "The first text", { body: "First." });
  const page = await signIn();
  await page.getByRole("button", { name: "Update" }).click();
  await page.getByLabel("Headline", { exact: true }).fill("My text");
  put("item-0001", "Their text", { revision: 2, body: "Theirs." });
  await page.getByRole("button", { name: "Send the update" }).click();
  await expect.poll(() => page.locator(".conflict .headline").textContent()).toBe("Their text");
  expect(await page.locator(".form .problem").textContent()).toContain("Both texts are below");
  expect(await page.getByLabel("Headline", { exact: true }).inputValue()).toBe("My text");
  await page.getByRole("button", { name: "Send mine over it" }).click();
  await expect.poll(readers).toEqual(["My text"]);
});

test("KIL an item is withdrawn only after its first word is typed", async () => {
  put("item-0001", "Storm over the bay");
  const page = await signIn();
  await page.locator(".item").focus();
  await page.keyboard.press("k");
  const go = page.getByRole("button", { name: "Withdraw for good" });
  await page.getByLabel("Reason").fill("a false report");
  expect(await go.isDisabled()).toBe(true);
  await page.getByLabel("Type its first word").fill("storm");
  await go.click();
  await expect.poll(readers).toEqual([]);
  await expect.poll(() => headlines(page)).toEqual([]);
  expect(desk.killed).toEqual([{ id: "item-0001", reason: "a false report" }]);
});

test("DSK sources and quarantine have their tabs", async () => {
  const page = await signIn();
  await page.getByRole("button", { name: "Sources" }).click();
  await expect.poll(() => page.locator("td").allTextContents()).toContain("214");
  const cells = await page.locator("td").allTextContents();
  expect(cells).toEqual(expect.arrayContaining(["40 s", "missing", "▲ 3 missing of abc: 102–103, 105."]));
  expect(cells[3]).toContain("usually every 15 min");
  await page.getByRole("button", { name: "Quarantine" }).click();
  await expect.poll(() => page.locator("td").nth(2).textContent()).toContain("(unreadable)");
});
