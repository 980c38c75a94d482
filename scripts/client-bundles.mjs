// @ts-check
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * What the browser gets, all side by side in one folder: each script one minified ES module, each style sheet one
 * file. `embed.js` is the widget, with the socket client in a file of its own; the others belong to a page.
 * @type {Record<string, string>} name of the output → its source
 */
const PAGE_SCRIPTS = {
  demo: "client/demo/demo.ts",
  wall: "client/wall/wall.ts",
  desk: "client/desk/desk.ts",
};
/** @type {Record<string, string>} */
const STYLES = {
  demo: "client/demo/demo.css",
  wall: "client/wall/wall.css",
  desk: "client/desk/desk.css",
};
/** @type {Record<string, string>} name → its source; the pages are served at `/`, `/wall` and `/desk` */
const COPIES = {
  "icon.svg": "client/icon.svg",
  "index.html": "client/demo/index.html",
  "wall.html": "client/wall/index.html",
  "desk.html": "client/desk/index.html",
};

/** `light-dark()` in style sheets sets the floor. */
const TARGET = ["es2022", "chrome123", "firefox120", "safari17.5"];

/**
 * The socket client carries three transports. The widget uses WebSocket and has its own way over plain HTTP, so
 * leaving the other two out costs nothing and saves a reader 2 KB.
 * @type {import("esbuild").Plugin}
 */
const webSocketOnly = {
  name: "websocket-only",
  setup(bundle) {
    bundle.onLoad(
      { filter: /engine\.io-client[\\/]build[\\/]esm[\\/]transports[\\/]index\.js$/ },
      (file) => ({
        contents: 'import { WS } from "./websocket.js"; export const transports = { websocket: WS };',
        resolveDir: dirname(file.path),
      }),
    );
  },
};

/**
 * A style sheet that a script imports is minified and comes as text: the widget adopts it, so there is no style
 * element that a strict CSP would refuse.
 * @type {import("esbuild").Plugin}
 */
const styleAsText = {
  name: "style-as-text",
  setup(bundle) {
    bundle.onLoad({ filter: /\.css$/ }, async (file) => {
      const { code } = await bundle.esbuild.transform(readFileSync(file.path, "utf8"), {
        loader: "css",
        minify: true,
        target: TARGET,
      });
      return { contents: code, loader: "text" };
    });
  },
};

/**
 * Builds the widget and the pages into a folder.
 * @param {string} outDir
 */
export async function buildClient(outDir) {
  const { build } = await import("esbuild");
  mkdirSync(outDir, { recursive: true });
  /** @type {import("esbuild").BuildOptions} */
  const shared = {
    absWorkingDir: root,
    outdir: outDir,
    bundle: true,
    minify: true,
    target: TARGET,
    // Modules are always read as UTF-8; escapes would treble the size of three of the four languages.
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  };
  /** @type {import("esbuild").BuildOptions} */
  const modules = { ...shared, format: "esm", sourcemap: true, plugins: [webSocketOnly, styleAsText] };
  await build({ ...modules, entryPoints: PAGE_SCRIPTS });
  await build({
    ...modules,
    entryPoints: { embed: "client/ticker/news-line-define.ts" },
    splitting: true,
    chunkNames: "assets/[name]-[hash]",
  });
  // The widget is served at `/embed.js` and at `/assets/embed.js`, this folder below `/assets/`; the relative
  // address of its second file has to lead somewhere from both.
  cpSync(join(outDir, "assets"), outDir, { recursive: true });
  await build({ ...shared, entryPoints: STYLES });
  for (const [name, source] of Object.entries(COPIES)) cpSync(join(root, source), join(outDir, name));
}
