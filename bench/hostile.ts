import { NewsLineError } from "../src/contract/errors.ts";
import { sourceProfile } from "../src/contract/profile.ts";
import { HONEST, hostileDocuments, RUNS } from "../test/support/hostile.ts";
import { readDocument } from "../workers/read.ts";
import { round } from "./measure.ts";
import { progress, report } from "./report.ts";

const profile = sourceProfile.parse({ kind: "push", lines: ["main"], zone: "Asia/Baku" });
const RECEIVED_AT = "2026-03-04T10:00:00.000Z";
const PROSE = "The port of Selin opened again on Friday after repairs that had taken two weeks. ";
/** As large as one story may be. */
const STORY_CHARACTERS = 250_000;
/** Of a worker, for one document. */
const MOST_MS = 250;
const SLOWEST = 10;

interface Measured {
  name: string;
  cpuMs: number;
  bytes: number;
}

/** CPU of sniffing and reading, whether it ends in drafts or in a refusal; the better of two, since the first one warms up. */
function measureReading(name: string, make: () => Buffer): Measured {
  const bytes = make();
  const runs = [0, 1].map(() => {
    const before = process.cpuUsage();
    try {
      readDocument(bytes, { profile, receivedAt: RECEIVED_AT });
    } catch (error) {
      if (!(error instanceof NewsLineError)) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return { name, cpuMs: Math.min(...runs), bytes: bytes.length };
}

function* shapes(): Generator<[name: string, make: () => Buffer]> {
  for (const { name, bytes } of hostileDocuments()) yield [name, bytes];
  for (const [format, write] of Object.entries(HONEST)) {
    for (const run of RUNS) {
      const text = () => run.repeat(STORY_CHARACTERS / run.length);
      yield [`${format}: a run of ${JSON.stringify(run)}`, () => Buffer.from(write("Harbour opens", text()))];
    }
  }
}

/** What honest prose of the same size costs in that format, of at most one story's size. */
function toHonest(name: string): Buffer {
  const format = name.split(":", 1)[0] ?? "";
  const write = Object.entries(HONEST).find(([known]) => known === format)?.[1] ?? HONEST["agency-page"];
  return Buffer.from(write("Harbour opens", PROSE.repeat(STORY_CHARACTERS / PROSE.length)));
}

/** How much CPU documents take that are made to take much: each ends within 250 ms. */
export async function benchHostile(): Promise<void> {
  for (const format of Object.keys(HONEST)) measureReading(format, () => toHonest(`${format}:`));
  const measured: Measured[] = [];
  for (const [name, make] of shapes()) {
    progress(`hostile: ${name}`);
    measured.push(measureReading(name, make));
  }
  const slowest = measured.toSorted((a, b) => b.cpuMs - a.cpuMs);
  for (const { name, cpuMs, bytes } of slowest.slice(0, SLOWEST)) {
    const honest = measureReading(name, () => toHonest(name));
    report({
      bench: "hostile",
      figure: `${name}, ${round(bytes / 1e6)} MB`,
      value: round(cpuMs),
      unit: "ms of CPU",
      peer: "a story of 250 KB prose",
      ratio: round(cpuMs / honest.cpuMs),
    });
  }
  const beyond = measured.filter(({ cpuMs }) => cpuMs > MOST_MS).length;
  report({
    bench: "hostile",
    figure: `documents beyond ${MOST_MS} ms, of ${measured.length}`,
    value: beyond,
    unit: "",
  });
}
