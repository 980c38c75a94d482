import { type Told, toReaders } from "./messages.ts";
import { type Crowd, StormReader } from "./storm-reader.ts";

/** The storm's clients, all in this process. */
const [port = 0, clients = 0, samples = 0] = process.argv.slice(2).map(Number);

const CONNECTS_AT_ONCE = 100;
const SAMPLE_EVERY = Math.max(1, Math.floor(clients / samples));
const MOST_FAULTS = 20;

const told = {
  whole: 0,
  snapshots: 0,
  catchUps: 0,
  deltas: 0,
  lost: 0,
  refused: 0,
  faults: new Array<string>(),
};
let opened = 0;

const crowd: Crowd = {
  onWhole(kind) {
    told.whole += 1;
    if (kind === "snapshot") told.snapshots += 1;
    else told.catchUps += 1;
    openNext();
  },
  onDelta() {
    told.deltas += 1;
  },
  onLost(wasWhole) {
    told.lost += 1;
    if (wasWhole) told.whole -= 1;
  },
  onRefused() {
    told.refused += 1;
  },
  onFault(words) {
    if (told.faults.length < MOST_FAULTS) told.faults.push(words);
  },
};

const readers = Array.from({ length: clients }, (_, n) => {
  const address = `127.0.${1 + (n % 8)}.${1 + (n % 250)}`;
  return new StormReader({ port, address }, n % SAMPLE_EVERY === 0, crowd);
});

function openNext(): void {
  readers[opened]?.open();
  opened += 1;
}

function tell(): Told {
  const lowest = readers.reduce((least, { offset }) => Math.min(least, offset), Number.POSITIVE_INFINITY);
  return { ...told, lowest, hashes: {} };
}

function compare(): Told {
  const hashes: Record<string, number> = {};
  const faults = [...told.faults];
  for (const { held } of readers) {
    if (held === undefined) continue;
    hashes[held.sha256] = (hashes[held.sha256] ?? 0) + 1;
    faults.push(...held.faults.slice(0, 1));
  }
  return { ...tell(), faults: faults.slice(0, MOST_FAULTS), hashes };
}

process.on("message", (raw) => {
  const { do: asked } = toReaders.parse(raw);
  if (asked === "open") for (let n = 0; n < CONNECTS_AT_ONCE; n += 1) openNext();
  else process.send?.(asked === "tell" ? tell() : compare());
});
process.on("disconnect", () => process.exit(0));
