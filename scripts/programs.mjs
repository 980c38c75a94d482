// @ts-check
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { SetupError } from "./setup-error.mjs";

/**
 * @typedef {"redis" | "chromium" | "python" | "nginx" | "haproxy"} Program
 * @typedef {{ command: string, prepare?: string[], install: string[], asUser?: boolean, packages: Partial<Record<Program, string>> }} Manager
 */

/** The names under which a program may be installed, best first. */
const NAMES = {
  redis: ["redis-server"],
  chromium: [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  python: ["python3"],
  // Debian puts them where only root looks.
  nginx: ["nginx", "/usr/sbin/nginx"],
  haproxy: ["haproxy", "/usr/sbin/haproxy"],
};

const PURPOSE = {
  redis: "Redis 6.2 or newer",
  chromium: "Chromium, for the browser tests",
  nginx: "nginx, for the tests behind proxies,",
  haproxy: "HAProxy, for the tests behind proxies,",
  python: "Python with socketio, websocket, requests and feedparser, for the tests with foreign clients,",
};

/** What a program must do to count as found: of several Pythons not each has the libraries. */
const PROOFS = new Map([["python", ["-c", "import feedparser, requests, socketio, websocket"]]]);

/** Called the same everywhere. */
const PROXIES = { nginx: "nginx", haproxy: "haproxy" };

/** @type {Manager[]} */
const MANAGERS = [
  {
    command: "apt-get",
    prepare: ["-qq", "update"],
    install: ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "install"],
    packages: {
      redis: "redis-server",
      chromium: "chromium",
      python: "python3-socketio python3-websocket python3-requests python3-feedparser",
      ...PROXIES,
    },
  },
  {
    command: "dnf",
    install: ["-y", "-q", "install"],
    packages: { redis: "redis", chromium: "chromium", ...PROXIES },
  },
  {
    command: "apk",
    install: ["add", "--quiet"],
    packages: { redis: "redis", chromium: "chromium", ...PROXIES },
  },
  {
    command: "pacman",
    install: ["-Sy", "--noconfirm", "--needed"],
    packages: { redis: "redis", chromium: "chromium", ...PROXIES },
  },
  {
    command: "brew",
    asUser: true,
    install: ["install"],
    packages: { redis: "redis", chromium: "chromium", ...PROXIES },
  },
];

/**
 * The path of a program; installed first when that can be done without asking anybody.
 * @param {Program} program
 */
export function requireProgram(program) {
  const found = findProgram(program);
  if (found !== undefined) return found;
  install(program);
  const installed = findProgram(program);
  if (installed === undefined)
    throw new SetupError(`${PURPOSE[program]} was installed but is not in the PATH.`);
  return installed;
}

/**
 * @param {Program} program
 * @returns {string | undefined}
 */
export function findProgram(program) {
  for (const name of NAMES[program]) {
    const paths = isAbsolute(name) ? [name].filter(isExecutable) : findAllInPath(name);
    const path = paths.find((one) => isProven(program, one));
    if (path !== undefined) return path;
  }
  return undefined;
}

/**
 * @param {Program} program
 * @param {string} path
 */
function isProven(program, path) {
  const args = PROOFS.get(program);
  return args === undefined || spawnSync(path, args, { stdio: "ignore" }).status === 0;
}

/** @param {Program} program */
function install(program) {
  const manager = MANAGERS.find(({ command }) => findInPath(command) !== undefined);
  const packages = manager?.packages[program];
  if (manager === undefined || packages === undefined) {
    throw new SetupError(
      `${PURPOSE[program]} is missing and ${manager === undefined ? "no known package manager is here" : `${manager.command} does not have it`}: install it so that \`${NAMES[program][0]}\` is in the PATH${alternative(program)}.`,
    );
  }
  const typed = `${manager.asUser ? "" : "sudo "}${manager.command} install ${packages}`;
  const prefix = toPrefix(manager);
  if (prefix === undefined) {
    throw new SetupError(`${PURPOSE[program]} is missing: type \`${typed}\`${alternative(program)}.`);
  }
  console.error(`Installing ${packages} with ${manager.command} …`);
  const started = Date.now();
  if (manager.prepare) run([...prefix, manager.command, ...manager.prepare]);
  const failure = run([...prefix, manager.command, ...manager.install, ...packages.split(" ")]);
  if (failure !== undefined) {
    throw new SetupError(
      `${failure}\n${PURPOSE[program]} could not be installed: try \`${typed}\` yourself.`,
    );
  }
  console.error(`Installed ${packages} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** @param {Program} program */
function alternative(program) {
  if (program === "redis") return ", or set REDIS_URL to one that runs elsewhere";
  return program === "python" ? "; `pip install 'python-socketio[client]' feedparser` has the libraries" : "";
}

/**
 * What to put in front so that the manager may install; undefined when somebody would have to be asked.
 * @param {Manager} manager
 * @returns {string[] | undefined}
 */
function toPrefix(manager) {
  if (manager.asUser || process.getuid?.() === 0) return [];
  if (findInPath("sudo") === undefined) return undefined;
  // sudo hands on no environment, so what must be said is said behind it.
  return spawnSync("sudo", ["-n", "true"]).status === 0
    ? ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    : undefined;
}

/**
 * Quiet unless it fails.
 * @param {string[]} words
 * @returns {string | undefined} what it said when it failed
 */
function run([command = "", ...args]) {
  const done = spawnSync(command, args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  return done.status === 0 ? undefined : `${done.stdout}${done.stderr}`.trim() || String(done.error);
}

/** @param {string} name */
function findInPath(name) {
  return findAllInPath(name)[0];
}

/** @param {string} name */
function findAllInPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
