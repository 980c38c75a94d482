import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** The Chromium of the system: nothing is downloaded. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A page that fails its test on a script error or on anything a strict CSP refuses. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|TrustedHTML/u.test(message.text())) {
      faults.push(message.text());
    }
  });
  await page.goto(url);
  return { page, faults };
}
