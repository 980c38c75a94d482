import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireGatewayNames } from "../../src/cli/gateways.ts";
import { readConfig } from "../../src/config.ts";
import { runCommand } from "../support/command-line.ts";
import { makeDataFolder } from "../support/product.ts";

test("CFG3 a gateway's name that is too long with its number stops the start, before anything is begun", async () => {
  const { dir, remove } = await makeDataFolder();
  const data = join(dir, "data");
  const name = "w".repeat(46);
  const ended = await runCommand(["start", "--gateways", "12"], {
    env: { NEWSLINE_DATA: data, NEWSLINE_GATEWAY: name, PORT: "0" },
  });
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toBe(
    `NEWSLINE_GATEWAY is wrong: with --gateways 12 the last is called ${name}-12, and a name may have 48 signs.\n`,
  );
  expect(existsSync(data)).toBe(false);
  await remove();
});

test.each([
  [48, 1, true],
  [47, 2, false],
  [46, 2, true],
  [46, 9, true],
  [46, 10, false],
  [45, 64, true],
])("CFG3 a name of %i signs with --gateways %i is right: %s", (length, count, isRight) => {
  const config = readConfig({ NEWSLINE_GATEWAY: "w".repeat(length) });
  const check = () => requireGatewayNames(config, count);
  if (isRight) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ name: "ConfigError", setting: "NEWSLINE_GATEWAY" }));
});
