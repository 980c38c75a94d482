import { ERRORS } from "../contract/errors.ts";
import type { Operation } from "./operations/operation.ts";
import { OPERATIONS } from "./operations.ts";

/** A page to read, made from the same table as the OpenAPI document. No script. */
export function toDocsPage(version: string): string {
  const contents = OPERATIONS.map(
    ({ title }) => `<li><a href="#${toAnchor(title)}">${escape(title)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>News Line: the API</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<header>
<h1>News Line: the API</h1>
<p>Version ${escape(version)}. For programs: <a href="/openapi.json">openapi.json</a>. See it at work: <a href="/">page</a>, <a href="/wall">wall</a>, <a href="/desk">desk</a>.</p>
<p>JSON in and out. What needs a token takes <code>Authorization: Bearer …</code>; each role may do all that the one before it may: machine, editor, chief, admin. Clients ignore fields they do not know.</p>
<nav aria-label="Contents"><ul>${contents.join("")}<li><a href="#errors">Errors</a></li></ul></nav>
</header>
<main>
${OPERATIONS.map(toSection).join("\n")}
${toErrors()}
</main>
</body>
</html>
`;
}

export const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1a1a, #e8e6e1); --paper: light-dark(#fdfcf9, #16171a); --rule: light-dark(#d8d4c9, #3a3b40); --quiet: light-dark(#5c584e, #a8a59c); --accent: light-dark(#a3160f, #ff8d80); }
body { margin: 0 auto; padding: 24px 20px 80px; max-width: 860px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1, h2 { font-family: Georgia, "Times New Roman", serif; line-height: 1.2; }
h2 { margin-top: 48px; padding-bottom: 8px; border-bottom: 1px solid var(--rule); }
h3 { margin: 28px 0 4px; font-size: 16px; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: 3px; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: 14px/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5em; color: var(--accent); font-weight: 700; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; list-style: none; }
p { margin: 4px 0; }
.quiet { color: var(--quiet); }
dt { margin-top: 16px; font-weight: 700; }
dd { margin: 0; }
`;

function toSection({ title, operations }: (typeof OPERATIONS)[number]): string {
  return `<section><h2 id="${toAnchor(title)}">${escape(title)}</h2>${operations.map(toEntry).join("")}</section>`;
}

function toEntry({
  method,
  path,
  summary,
  role,
  query,
  headers = {},
  answers,
  errors = [],
}: Operation): string {
  const asks = [
    ...(role === undefined ? [] : [`Role <code>${role}</code>.`]),
    ...toNames("Query", Object.keys(query?.shape ?? {})),
    ...toNames("Headers", Object.keys(headers)),
    ...toNames("Errors", errors),
  ];
  const told = Object.entries(answers).map(([status, { says }]) => `<code>${status}</code> ${escape(says)}.`);
  return `<h3><code><span class="method">${method.toUpperCase()}</span>${escape(path)}</code></h3><p>${escape(summary)}.</p><p class="quiet">${told.join(" ")}</p><p class="quiet">${asks.join(" ")}</p>`;
}

function toNames(label: string, names: string[]): string[] {
  return names.length === 0
    ? []
    : [`${label}: ${names.map((name) => `<code>${escape(name)}</code>`).join(", ")}.`];
}

function toErrors(): string {
  const entries = Object.entries(ERRORS).map(([code, { status, message, temporary }]) => {
    const retry = temporary ? ' <span class="quiet">worth a retry</span>' : "";
    return `<dt><code>${status}</code> <code>${code}</code>${retry}</dt><dd>${escape(message)}</dd>`;
  });
  const shape = '{"error": {"code", "message", "temporary", "field"?, "retryAfterMs"?}}';
  return `<section><h2 id="errors">Errors</h2><p><code>${escape(shape)}</code></p><dl>${entries.join("")}</dl></section>`;
}

function toAnchor(title: string): string {
  return title.toLowerCase();
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
