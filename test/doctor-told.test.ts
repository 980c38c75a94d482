import { afterAll, beforeAll, expect, test } from "vitest";
import { toWeek, toWords } from "../src/cli/doctor-sources.ts";
import { sourceProfile } from "../src/contract/profile.ts";
import { observe } from "../src/store/observations.ts";
import { writeSource } from "../src/store/sources.ts";
import { Doctor } from "../workers/doctor/doctor.ts";
import { SPELL_MS, toSlot, toWallHour } from "../workers/doctor/rhythm.ts";
import { type CommandLine, createCommandLine } from "./support/command-line.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

const HOUR = 3_600_000;

let gate: TestGateway;
let newsline: CommandLine;
/** Until ten hours ago: three weeks in which something came every half hour. */
beforeAll(async () => {
  gate = await startTestGateway();
  newsline = createCommandLine(gate);
  await writeSource(gate.edition, "calm", sourceProfile.parse({ kind: "push", lines: ["main"] }));
  await writeSource(gate.edition, "agency", sourceProfile.parse({ kind: "push", lines: ["main"] }));
  const lastMs = Math.floor((Date.now() - 10 * HOUR) / HOUR) * HOUR;
  const pipelined: Promise<void>[] = [];
  for (let atMs = lastMs - 3 * 168 * HOUR; atMs <= lastMs; atMs += HOUR / 2) {
    const spell = { number: Math.floor(atMs / SPELL_MS), ...toSlot(toWallHour(atMs, "UTC")) };
    const counts = { read: 1, "late:12": 1 };
    pipelined.push(
      observe(gate.edition, { source: "agency", atMs, hasItems: true, spell, counts, numbers: new Map() }),
    );
  }
  await Promise.all(pipelined);
  await new Doctor(gate.edition).round();
});
afterAll(() => gate.stop());

test("WIR9 the report stands beside the source's pulse, for those who may see sources", async () => {
  const { sources } = (await gate.desk.get("/v1/sources").expect(200)).body;
  const agency = sources.find((one: { source: string }) => one.source === "agency");
  expect(agency.health.report).toMatchObject({
    isLearned: true,
    usualPerHour: 2,
    alarms: [{ kind: "silent", says: expect.stringMatching(/^Nothing since .*due about 2\d times\.$/u) }],
  });
  const { body } = await gate.desk.get("/v1/sources/agency/report").expect(200);
  expect(body).toEqual({
    source: "agency",
    zone: "UTC",
    report: agency.health.report,
    week: Array.from({ length: 168 }, () => 2),
  });
  expect((await gate.desk.get("/v1/sources/calm/report").expect(200)).body).toEqual({
    source: "calm",
    zone: "UTC",
  });
  expect((await gate.desk.get("/v1/sources/nobody/report")).body.error.code).toBe("unknown_source");
  await gate
    .as(await gate.token("editor"))
    .get("/v1/sources/agency/report")
    .expect(403);
});

test("WIR9 /metrics has a row a source for each figure and each kind of alarm", async () => {
  const rows = async () => (await gate.http.get("/metrics").expect(200)).text.split("\n");
  await expect
    .poll(rows, { timeout: 15_000, interval: 500 })
    .toContain('newsline_source_alarm{source="agency",kind="silent"} 1');
  const found = await rows();
  expect(found).toContain('newsline_source_alarm{source="agency",kind="clock"} 0');
  expect(found).toContain('newsline_source_missing_numbers{source="agency"} 0');
  const silent = found.find((row) => row.startsWith('newsline_source_silent_seconds{source="agency"}'));
  expect(Number(silent?.split(" ")[1])).toBeGreaterThan(5 * 3_600 - 10);
  const late = found.find((row) =>
    row.startsWith('newsline_source_lateness_seconds{source="agency",quantile'),
  );
  expect(Number(late?.split(" ")[1])).toBeGreaterThan(30);
});

test("WIR9 newsline doctor shows a row a source, says what is odd, and fails for it", async () => {
  const { stdout, code } = await newsline.run(["doctor"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^SOURCE +LAST ITEM +USUAL\/H +LATE P50/mu);
  expect(stdout).toMatch(/^agency .* 2 .*silent$/mu);
  expect(stdout).toMatch(/^calm .*learning.*ok$/mu);
  expect(stdout).toMatch(/^agency: Nothing since .*times\.$/mu);
  const [told] = await newsline.json(["doctor"]);
  expect(told).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ check: "source agency", ok: false }),
      expect.objectContaining({ check: "source calm", ok: true, says: "as usual" }),
    ]),
  });
});

test("WIR9 newsline doctor --source shows the usual week", async () => {
  const { stdout, code } = await newsline.run(["doctor", "--source", "agency"]);
  expect(code).toBe(1);
  expect(stdout).toContain("Nothing since");
  expect(stdout).toMatch(/^Sun {2}▂{24}$/mu);
  expect((await newsline.run(["doctor", "--source", "calm"])).stdout).toContain("has sent nothing yet");
});

test("WIR9 a week is drawn a row a day, the fuller the busier, and delays are told in words", () => {
  const week = Array.from({ length: 168 }, (_, slot) => (slot === 9 ? 12 : slot === 10 ? 0.2 : 0));
  const [hours, monday, tuesday] = toWeek(week).split("\n");
  expect(hours?.indexOf("6")).toBe(11);
  expect(monday).toBe(`Mon  ${" ".repeat(9)}█▁${" ".repeat(13)}`);
  expect(tuesday?.trim()).toBe("Tue");
  expect([500, 99_000, 600_000, 86_400_000].map(toWords)).toEqual(["1 s", "99 s", "10 min", "24 h"]);
});
