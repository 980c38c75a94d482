import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { buildClient } from "../../scripts/client-bundles.mjs";
import { launchBrowser, openPage } from "../support/browser.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "../support/gateway.ts";

let browser: Browser;
let gate: TestGateway;
let clientDir: string;
let faults: string[] = [];

beforeAll(async () => {
  clientDir = await mkdtemp(join(tmpdir(), "nl-client-"));
  await buildClient(clientDir);
  [browser, gate] = await Promise.all([launchBrowser(), startTestGateway({ clientDir })]);
  await gate.desk
    .put("/v1/sources/coast")
    .send({ kind: "push", lines: ["main"] })
    .expect(200);
  await deliver(
    "<rss><channel><item><title>BREAKING Port opens</title><guid>a</guid></item></channel></rss>",
  );
  await deliver("ZZ <script>alert(1)</script> \u0001\u202e nothing that is known");
});
afterAll(async () => {
  await browser.close();
  await gate.stop();
  await rm(clientDir, { recursive: true });
});
afterEach(() => expect(faults).toEqual([]));

async function deliver(body: string): Promise<void> {
  const type = "application/x-wire";
  const answer = await gate.desk.post("/v1/sources/coast/deliveries").set("Content-Type", type).send(body);
  await vi.waitFor(async () => {
    const { state } = (await gate.desk.get(`/v1/deliveries/${answer.body.delivery.id}`)).body;
    if (!/done|quarantined/u.test(state)) throw new Error(state);
  });
}

async function openTab(name: string): Promise<Page> {
  const opened = await openPage(browser, `${gate.url}/desk`);
  faults = opened.faults;
  const { page } = opened;
  await page.getByLabel("Token").fill(ADMIN_TOKEN);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("[part=status-word]").textContent()).toBe("Live");
  await page.getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
  return page;
}

test("DSK a change of a profile is tried with the keyboard alone, seen field by field, and saved only then", async () => {
  const page = await openTab("Sources");
  await page.getByRole("button", { name: "Profile of coast" }).focus();
  await page.keyboard.press("Enter");
  const profile = page.getByLabel("Profile of coast");
  await expect.poll(() => profile.evaluate((element) => element === document.activeElement)).toBe(true);
  await profile.fill(JSON.stringify({ kind: "push", lines: ["main"], urgencyMap: { BREAKING: 2 } }));
  await page.getByRole("button", { name: "Try this change" }).press("Enter");
  await expect.poll(() => page.locator(".result h4").textContent()).toBe("BREAKING Port opens");
  expect(await page.locator(".result td").allTextContents()).toEqual([
    "urgency",
    "5",
    "2",
    "from the headline's first word, by the profile's urgencyMap",
  ]);
  expect((await gate.desk.get("/v1/sources/coast")).body).not.toHaveProperty("urgencyMap");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect.poll(() => page.locator(".result").textContent()).toContain("Saved.");
  expect((await gate.desk.get("/v1/sources/coast")).body.urgencyMap).toEqual({ BREAKING: 2 });
  await page.keyboard.press("Escape");
  const back = page.getByRole("button", { name: "Profile of coast" });
  await expect.poll(() => back.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("DSK a profile that is none is told in words and stays as it was typed", async () => {
  const page = await openTab("Sources");
  await page.getByRole("button", { name: "Profile of coast" }).click();
  const profile = page.getByLabel("Profile of coast");
  await profile.fill('{"kind": "push", "lines": [');
  await page.getByRole("button", { name: "Try this change" }).click();
  await expect.poll(() => page.locator(".source-editor .message").textContent()).toContain("no JSON");
  await profile.fill('{"kind": "push", "lines": ["main"], "signOffPattern": "(?<=a)b"}');
  await page.getByRole("button", { name: "Try this change" }).click();
  await expect.poll(() => page.locator(".source-editor .message").textContent()).toContain("look-around");
  expect(await profile.inputValue()).toContain("(?<=a)b");
});

test("DSK a pasted document and an item on the line tell for each field the rule that gave it", async () => {
  const page = await openTab("Sources");
  await page.getByRole("button", { name: "Profile of coast" }).click();
  await page
    .getByLabel("A document of this source")
    .fill("<rss><channel><item><title>Mayor resigns</title><guid>b</guid></item></channel></rss>");
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  const cells = page.locator(".result td");
  await expect.poll(() => cells.allTextContents()).toContain("Mayor resigns");
  expect(await cells.allTextContents()).toContain("from title");
  await page.getByRole("button", { name: "Line", exact: true }).click();
  await page.locator(".item").first().focus();
  await page.keyboard.press("e");
  await expect.poll(() => page.locator(".item .rules td").allTextContents()).toContain("the profile's lines");
  await page.keyboard.press("Escape");
  expect(await page.locator(".item .rules").count()).toBe(0);
});

test("QUA1 quarantine shows bytes as text and in hexadecimal, never as markup; discard asks twice", async () => {
  const page = await openTab("Quarantine");
  await page.getByRole("button", { name: "Show bytes" }).click();
  const bytes = page.locator("pre.bytes");
  await expect
    .poll(() => bytes.textContent())
    .toBe("ZZ <script>alert(1)</script> \u2401\ufffd nothing that is known");
  await page.getByRole("button", { name: "Hex", exact: true }).press("Enter");
  expect(await bytes.textContent()).toContain(
    "00000000  5a 5a 20 3c 73 63 72 69 70 74 3e 61 6c 65 72 74  ZZ <script>alert",
  );
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => page.getByRole("status").last().textContent()).toBe("Queued again");
  await expect
    .poll(async () => {
      await page.getByRole("button", { name: "Quarantine", exact: true }).click();
      return await page.getByRole("button", { name: "Discard" }).count();
    })
    .toBe(1);
  await page.getByRole("button", { name: "Discard" }).press("Enter");
  expect((await gate.desk.get("/v1/quarantine")).body.entries).toHaveLength(1);
  await page.getByRole("button", { name: "Discard for good" }).press("Enter");
  await expect.poll(async () => (await gate.desk.get("/v1/quarantine")).body.entries).toEqual([]);
  await expect.poll(() => page.locator("tbody tr").count()).toBe(0);
});
