// @ts-check
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildClient } from "./client-bundles.mjs";
import { runScript, SetupError } from "./setup-error.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const stamp = join(dist, ".built-from");
/** Built aside and moved in at the end: a build that fails leaves the last good one, and nobody meets half of one. */
const staging = join(root, "node_modules/.newsline-build");

const SOURCES = ["src", "workers", "client"];
const BUILDERS = ["tsconfig.json", "package-lock.json", "scripts/build.mjs", "scripts/client-bundles.mjs"];

/** Builds when a source differs from what `dist` was built from. */
export async function buildIfStale() {
  const now = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  const started = Date.now();
  await build();
  console.error(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

export async function build() {
  const sources = hashSources();
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  compileServer();
  copyBeside("src", (path) => path.endsWith(".lua"));
  await bundleClient();
  writeFileSync(join(staging, ".built-from"), sources);
  rmSync(dist, { recursive: true, force: true });
  moveFolder(staging, dist);
}

/** By content, not by time: a checkout gives every file the time of day. */
function hashSources() {
  const hash = createHash("sha256");
  for (const path of [...BUILDERS, ...SOURCES.flatMap(listFiles)]) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function compileServer() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const done = spawnSync(process.execPath, [tsc, "-p", root, "--outDir", staging], { stdio: "inherit" });
  if (done.status !== 0) throw new SetupError("The server does not compile; the lines above say where.");
}

async function bundleClient() {
  await buildClient(join(staging, "client")).catch(() => {
    throw new SetupError("The client does not bundle; the lines above say where.");
  });
}

/**
 * @param {string} folder
 * @param {(path: string) => boolean} isWanted
 */
function copyBeside(folder, isWanted) {
  for (const path of listFiles(folder).filter(isWanted)) {
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    cpSync(join(root, path), join(staging, path));
  }
}

/**
 * Every file below a folder of the root, sorted, as a path from the root.
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(path) : [path];
    });
}

/**
 * @param {string} from
 * @param {string} to
 */
function moveFolder(from, to) {
  try {
    renameSync(from, to);
  } catch {
    // Not on one file system: a mounted node_modules, for one.
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    await (process.argv.includes("--if-stale") ? buildIfStale() : build());
    return 0;
  });
}
