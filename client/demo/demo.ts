/** The page a publisher would write: it passes its own address on to the element. */
import { make } from "../ticker/dom.ts";

const PASSED_ON = ["mode", "limit", "time-zone", "locale", "urgency", "speed", "theme", "heading"];

const query = new URLSearchParams(location.search);
const line = query.get("line") ?? "demo";

async function show(): Promise<void> {
  await customElements.whenDefined("news-line");
  const element = document.querySelector("news-line");
  if (element === null) return;
  for (const name of PASSED_ON) {
    const value = query.get(name);
    if (value !== null) element.setAttribute(name, value);
  }
  element.setAttribute("line", line);
  const item = query.get("item");
  if (item !== null) element.showItem(item);
}

function showSnippet(): void {
  const attributes = PASSED_ON.filter((name) => query.has(name)).map(
    (name) => ` ${name}="${query.get(name)}"`,
  );
  const script = `<script type="module" src="${location.origin}/embed.js"></script>`;
  const text = `${script}\n<news-line line="${line}"${attributes.join("")}></news-line>`;
  document.querySelector("#snippet")?.replaceChildren(make("span", { text }));
}

const theme = query.get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
const locale = query.get("locale");
if (locale?.startsWith("ar") === true) document.documentElement.dir = "rtl";
showSnippet();
await show();
