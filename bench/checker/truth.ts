import { createHash } from "node:crypto";
import { idOf, type SeenItem, type SeenOp } from "./history.ts";
import { compareItems } from "./order.ts";
import { toPlace, toText } from "./place.ts";

/** One entry of a line's log, as it stands in the store. */
export interface TruthStep {
  line: string;
  epoch: string;
  offset: number;
  /** When it was stored, by the clock of the machine. */
  atMs: number;
  op: SeenOp;
}

/** A log that began: its offset 0 is what the line held then. */
export interface TruthEpoch {
  line: string;
  epoch: string;
  /** How many steps of the line there had been. */
  after: number;
}

/** A line as it was after one of its steps. */
export interface Moment {
  index: number;
  /** In display order. */
  items: readonly SeenItem[];
}

interface Line {
  steps: TruthStep[];
  /** What the line held after so many steps. */
  states: (readonly SeenItem[])[];
  /** Position → how many steps lead to it. */
  places: Map<string, number>;
}

/** Every line at every position that it ever had, in one history across all epochs. */
export class Truth {
  readonly #lines = new Map<string, Line>();

  constructor(steps: readonly TruthStep[], epochs: readonly TruthEpoch[] = []) {
    for (const { line } of epochs) this.#lineOf(line);
    for (const step of steps) this.#take(step);
    for (const { line, epoch, after } of epochs) {
      const places = this.#lineOf(line).places;
      const begin = toText({ epoch, offset: 0 });
      if (!places.has(begin)) places.set(begin, after);
    }
  }

  #lineOf(name: string): Line {
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const line: Line = { steps: [], states: [[]], places: new Map() };
    this.#lines.set(name, line);
    return line;
  }

  #take(step: TruthStep): void {
    const line = this.#lineOf(step.line);
    const before = line.steps.length;
    const begin = toText({ epoch: step.epoch, offset: step.offset - 1 });
    if (step.offset === 1 && !line.places.has(begin)) line.places.set(begin, before);
    line.steps.push(step);
    line.states.push(applyOp(line.states[before] ?? [], step.op));
    line.places.set(toText(step), before + 1);
  }

  get lines(): string[] {
    return [...this.#lines.keys()];
  }

  steps(line: string): readonly TruthStep[] {
    return this.#lines.get(line)?.steps ?? [];
  }

  /** Undefined for a position that the line never had. */
  at(line: string, position: string): Moment | undefined {
    const known = this.#lines.get(line);
    const index = known?.places.get(position);
    if (known === undefined || index === undefined) return undefined;
    return { index, items: known.states[index] ?? [] };
  }

  step(line: string, position: string): TruthStep | undefined {
    const index = this.#lines.get(line)?.places.get(position);
    const step = index === undefined ? undefined : this.#lines.get(line)?.steps[index - 1];
    return step !== undefined && toText(step) === position ? step : undefined;
  }

  /** CAT1: the last op of each id between two positions, in log order. Undefined when one of them is unknown. */
  between(line: string, from: string, to: string): SeenOp[] | undefined {
    const [start, end] = [this.at(line, from)?.index, this.at(line, to)?.index];
    if (start === undefined || end === undefined) return undefined;
    const ops = this.steps(line)
      .slice(start, end)
      .map(({ op }) => op);
    const last = new Map(ops.map((op, index) => [idOf(op), index]));
    return ops.filter((op, index) => last.get(idOf(op)) === index);
  }

  /** How many steps there were at that time, by when they were stored. */
  indexAtTime(line: string, timeMs: number): number {
    const steps = this.steps(line);
    let index = steps.length;
    while (index > 0 && (steps[index - 1]?.atMs ?? 0) >= timeMs) index -= 1;
    return index;
  }

  /** Ids that have left in the log of `position` and did not come back, the last first. */
  recentRemoves(line: string, position: string, most: number): string[] {
    const end = this.at(line, position)?.index ?? 0;
    const epoch = toPlace(position)?.epoch;
    const seen = new Set<string>();
    const removed: string[] = [];
    for (const step of this.steps(line).slice(0, end).toReversed()) {
      if (step.epoch !== epoch || removed.length >= most) break;
      const id = idOf(step.op);
      if (!seen.has(id) && step.op.op === "remove") removed.push(id);
      seen.add(id);
    }
    return removed;
  }
}

function applyOp(items: readonly SeenItem[], op: SeenOp): readonly SeenItem[] {
  const others = items.filter(({ id }) => id !== idOf(op));
  if (op.op === "remove") return others;
  const index = others.findIndex((other) => compareItems(op.item, other) < 0);
  return others.toSpliced(index === -1 ? others.length : index, 0, op.item);
}

/** As `/state` has it. */
export function toStateHash(items: readonly SeenItem[]): string {
  const hash = createHash("sha256");
  for (const { id, revision } of items) hash.update(`${id} ${revision}\n`);
  return hash.digest("hex");
}
