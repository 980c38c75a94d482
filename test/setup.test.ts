import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./support/repository.ts";

/** The set-up runs before anything is installed, so it is tested as it runs: plain Node, with a PATH of our own. */
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "nl-bin-"));
});
afterEach(() => rmSync(bin, { recursive: true }));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs statements that may use what the script exports as `it`; prints what they give. */
function run(script: string, statements: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const program = `
    import { runScript } from "${root}scripts/setup-error.mjs";
    import * as it from "${root}scripts/${script}";
    await runScript(async () => { ${statements}; return 0; });`;
  return new Promise((resolve) => {
    const args = ["--input-type=module", "-e", program];
    execFile(process.execPath, args, { env: { PATH: bin, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}

function addProgram(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

const AS_ROOT = "process.getuid = () => 0";
const AS_USER = "process.getuid = () => 1000";

test("SET12 a Node that is too old is told in one sentence", async () => {
  expect(await run("setup.mjs", 'it.requireNode("20.18.3")')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Node 20\.18\.3 is too old: News Line needs Node 20\.19 or newer.*\.$/),
  });
  expect(await run("setup.mjs", 'it.requireNode("20.19.0"); it.requireNode("24.1.0")')).toMatchObject({
    code: 0,
  });
});

test("SET13 a redis-server in the PATH is used, unless it is too old", async () => {
  addProgram("redis-server", 'echo "Redis server v=7.0.15 sha=00000000:0 malloc=libc bits=64"');
  expect(await run("programs.mjs", 'console.log(it.requireProgram("redis"))')).toMatchObject({
    code: 0,
    stdout: join(bin, "redis-server"),
    stderr: "",
  });
  addProgram("redis-server", 'echo "Redis server v=6.0.16 sha=00000000:0 malloc=libc bits=64"');
  expect(await run("setup.mjs", `it.requireRedis("${join(bin, "redis-server")}")`)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Redis 6\.0\.16 .* is too old: News Line needs 6\.2 or newer;.*REDIS_URL/),
  });
});

test("SET14 a missing Redis is installed by the package manager where nobody must be asked, saying so", async () => {
  symlinkSync("/bin/sh", join(bin, "sh"));
  const log = join(bin, "log");
  const install = `case "$*" in *install*) printf '#!/bin/sh\\n' > ${bin}/redis-server; /bin/chmod 755 ${bin}/redis-server;; esac`;
  addProgram("apt-get", `echo "$DEBIAN_FRONTEND $*" >> ${log}\n${install}`);
  const outcome = await run("programs.mjs", `${AS_ROOT}; console.log(it.requireProgram("redis"))`);
  expect(outcome).toMatchObject({ code: 0, stdout: join(bin, "redis-server") });
  expect(outcome.stderr).toMatch(/^Installing redis-server with apt-get …\nInstalled redis-server in \d/);
  const [update, installed] = readFileSync(log, "utf8").split("\n");
  expect(update).toMatch(/^noninteractive .*update$/);
  expect(installed).toMatch(/^noninteractive .*-y .*install redis-server$/);
});

test("SET14 a Python without the libraries that the tests need gets them", async () => {
  symlinkSync("/bin/sh", join(bin, "sh"));
  const [ready, log] = [join(bin, "ready"), join(bin, "log")];
  addProgram("python3", `case "$*" in *socketio*) test -e ${ready};; esac`);
  addProgram("apt-get", `echo "$*" >> ${log}\n: > ${ready}`);
  const outcome = await run("programs.mjs", `${AS_ROOT}; console.log(it.requireProgram("python"))`);
  expect(outcome).toMatchObject({ code: 0, stdout: join(bin, "python3") });
  expect(readFileSync(log, "utf8")).toMatch(/ install python3-socketio python3-websocket python3-requests /);
});

test("SET15 where somebody would have to be asked, the sentence has the command to type", async () => {
  addProgram("apt-get", "exit 1");
  const outcome = await run("programs.mjs", `${AS_USER}; it.requireProgram("redis")`);
  expect(outcome).toMatchObject({
    code: 1,
    stderr:
      "Redis 6.2 or newer is missing: type `sudo apt-get install redis-server`, or set REDIS_URL to one that runs elsewhere.",
  });
  addProgram("sudo", "exit 1");
  expect(await run("programs.mjs", `${AS_USER}; it.requireProgram("redis")`)).toEqual(outcome);
  addProgram("sudo", 'shift; exec "$@"');
  symlinkSync("/usr/bin/env", join(bin, "env"));
  symlinkSync("/bin/true", join(bin, "true"));
  addProgram("apt-get", `echo 'Unable to locate package' >&2; exit 100`);
  expect(await run("programs.mjs", `${AS_USER}; it.requireProgram("chromium")`)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /Unable to locate package\nChromium, .* try `sudo apt-get install chromium`/,
    ),
  });
});

test("SET16 without a known package manager the sentence says what is wanted", async () => {
  expect(await run("programs.mjs", 'it.requireProgram("redis")')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Redis 6\.2 or newer is missing and no known package manager is here/),
  });
});

test("SET17 dependencies are installed again when they differ from the lock file", async () => {
  const note = (packages: object) => {
    mkdirSync(join(bin, "node_modules"), { recursive: true });
    writeFileSync(join(bin, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  };
  const areInstalled = async () =>
    (await run("setup.mjs", `console.log(it.areInstalled("${bin}"))`)).stdout === "true";
  const a = { version: "1.0.0" };
  const other = { version: "1.0.0", optional: true };
  const locked = { "": {}, "node_modules/a": a, "node_modules/other-system": other };
  writeFileSync(join(bin, "package-lock.json"), JSON.stringify({ packages: locked }));
  expect(await areInstalled()).toBe(false);
  note({ "node_modules/a": a });
  expect(await areInstalled()).toBe(true);
  note({ "node_modules/a": { version: "1.0.1" } });
  expect(await areInstalled()).toBe(false);
  note({});
  expect(await areInstalled()).toBe(false);
});

test("SET18 two set-ups of one checkout follow each other, and a dead one is in nobody's way", async () => {
  const log = join(bin, "log");
  const say = (word: string) => `fs.appendFileSync("${log}", "${word} ")`;
  const work = `const fs = await import("node:fs");
    const release = await it.holdLock("${bin}");
    ${say("in")}; await new Promise((done) => setTimeout(done, 300)); ${say("out")};
    release()`;
  const dying = `await it.holdLock("${bin}"); process.kill(process.pid, "SIGKILL")`;
  await run("lock.mjs", dying);
  await Promise.all([run("lock.mjs", work), run("lock.mjs", work)]);
  expect(readFileSync(log, "utf8")).toBe("in out in out ");
});

test("SET19 the lock file names the packages of every system, not only of the one it was written on", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")));
  const wanted = Object.values(packages).flatMap((one) =>
    typeof one === "object" && one !== null && "optionalDependencies" in one
      ? Object.keys(one.optionalDependencies ?? {})
      : [],
  );
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
});
