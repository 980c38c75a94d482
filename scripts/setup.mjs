// @ts-check
/**
 * Set-up: makes a fresh clone able to run. Plain Node without dependencies, since nothing is installed when it
 * runs; every step looks first and does only what is missing, so that a second run costs next to nothing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { holdLock } from "./lock.mjs";
import { requireProgram } from "./programs.mjs";
import { SetupError } from "./setup-error.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

const OLDEST_NODE = [20, 19];
const OLDEST_REDIS = [6, 2];

/** @param {{ redis?: boolean, chromium?: boolean, python?: boolean, proxies?: boolean, build?: boolean }} wanted */
export async function setUp(wanted) {
  requireNode(process.versions.node);
  const release = await holdLock(root);
  try {
    installDependencies();
    if (wanted.redis) requireRedis(requireProgram("redis"));
    if (wanted.chromium) process.env.CHROMIUM_PATH = requireProgram("chromium");
    if (wanted.python) process.env.PYTHON_PATH = requireProgram("python");
    if (wanted.proxies) {
      process.env.NGINX_PATH = requireProgram("nginx");
      process.env.HAPROXY_PATH = requireProgram("haproxy");
    }
    if (wanted.build) await (await import("./build.mjs")).buildIfStale();
  } finally {
    release();
  }
}

/** @param {string} version */
export function requireNode(version) {
  if (isOlder(version, OLDEST_NODE)) {
    throw new SetupError(
      `Node ${version} is too old: News Line needs Node ${OLDEST_NODE.join(".")} or newer; get it from nodejs.org or your package manager.`,
    );
  }
}

/** @param {string} path */
export function requireRedis(path) {
  const said = spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "";
  const version = /v=(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined) throw new SetupError(`\`${path} --version\` does not name a version of Redis.`);
  if (isOlder(version, OLDEST_REDIS)) {
    throw new SetupError(
      `Redis ${version} (${path}) is too old: News Line needs ${OLDEST_REDIS.join(".")} or newer; install a newer redis-server, or set REDIS_URL to one that runs elsewhere.`,
    );
  }
}

/**
 * @param {string} version
 * @param {number[]} oldest
 */
function isOlder(version, [oldestMajor = 0, oldestMinor = 0]) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function installDependencies() {
  if (areInstalled(root)) return;
  console.error("Installing the dependencies (npm ci) …");
  const started = Date.now();
  // With NODE_ENV=production npm would leave out what the build needs.
  const done = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (done.status !== 0) throw new SetupError("`npm ci` failed; the lines above say why.");
  console.error(`Installed the dependencies in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/**
 * Whether npm's own note of what it installed agrees with the lock file, whoever ran npm.
 * @param {string} dir
 */
export function areInstalled(dir) {
  const note = join(dir, "node_modules/.package-lock.json");
  if (!existsSync(note)) return false;
  const installed = readPackages(note);
  const locked = readPackages(join(dir, "package-lock.json"));
  return Object.entries(locked).every(([path, { version, optional, devOptional, peer, link }]) => {
    const here = installed[path];
    if (path === "" || link) return true;
    if (here === undefined) return Boolean(optional || devOptional || peer);
    return here.version === version;
  });
}

/**
 * @param {string} path
 * @returns {Record<string, Record<string, unknown>>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}
