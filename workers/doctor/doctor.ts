import { DESK_SOURCE } from "../../src/contract/names.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import type { SourceReport } from "../../src/contract/screens.ts";
import { readClockMs } from "../../src/store/clock.ts";
import type { Edition } from "../../src/store/keys.ts";
import { type Observed, readObserved, readWeeks, toDay, writeWorst } from "../../src/store/observations.ts";
import { writeReports, writeUsualWeek } from "../../src/store/reports.ts";
import { listSources } from "../../src/store/sources.ts";
import { examine, findMissing } from "./examine.ts";
import { noteWorst, toRecent, type WorstByDay } from "./lateness.ts";
import { type MissingNumbers, toSettled } from "./missing-numbers.ts";
import { HOURS_PER_WEEK, learnRhythm, MOST_HOURS, type Rhythm, toWallHour, WEEKS } from "./rhythm.ts";

/** Sources that are looked at side by side. */
const AT_ONCE = 50;

/** What is known of a source between two rounds: losing it costs a round, nothing more. */
interface Memory {
  /** The whole hour up to which its rhythm was learned. */
  learnedTo: number;
  zone: string;
  rhythm: Rhythm;
  missing: ReadonlyMap<string, readonly MissingNumbers[]>;
}

/** Looks at every source now and then, and leaves what it found where gateways read it. */
export class Doctor {
  readonly #edition: Edition;
  readonly #memory = new Map<string, Memory>();

  constructor(edition: Edition) {
    this.#edition = edition;
  }

  /** `nowMs` is given by tests only. */
  async round(nowMs?: number): Promise<void> {
    const at = nowMs ?? (await readClockMs(this.#edition));
    const sources = [...(await listSources(this.#edition))].filter(([source]) => source !== DESK_SOURCE);
    const reports = new Map<string, SourceReport>();
    for (let i = 0; i < sources.length; i += AT_ONCE) {
      const some = sources.slice(i, i + AT_ONCE);
      const told = await Promise.all(some.map(([source, profile]) => this.#look(source, profile, at)));
      some.forEach(([source], index) => {
        const report = told[index];
        if (report !== undefined) reports.set(source, report);
      });
    }
    await writeReports(this.#edition, reports);
    for (const source of this.#memory.keys()) if (!reports.has(source)) this.#memory.delete(source);
  }

  async #look(source: string, profile: SourceProfile, nowMs: number): Promise<SourceReport | undefined> {
    const observed = await readObserved(this.#edition, source, nowMs);
    if (observed === undefined) return undefined;
    const before = this.#memory.get(source);
    const { rhythm, learnedTo } = await this.#learn(source, { profile, observed, before });
    // Switched off, what came before is not told any more either.
    const missing =
      profile.sequence === true ? findMissing(observed, profile) : new Map<string, MissingNumbers[]>();
    this.#memory.set(source, { rhythm, learnedTo, zone: profile.zone, missing });
    const settled = new Map(
      [...missing].map(([service, now]) => [service, toSettled(now, before?.missing.get(service) ?? [])]),
    );
    const worst = await this.#noteWorst(source, observed, nowMs);
    return examine({ profile, observed: { ...observed, worst }, rhythm, settled }, nowMs);
  }

  /** Only of a day on which something came: the delays of the last items stay what they are. */
  async #noteWorst(source: string, { delays, worst, itemMs }: Observed, nowMs: number): Promise<WorstByDay> {
    const recent = toRecent(delays);
    const today = toDay(nowMs);
    if (recent === undefined || itemMs === undefined || toDay(itemMs) !== today) return worst;
    const noted = noteWorst(worst, today, recent);
    if (noted !== worst) await writeWorst(this.#edition, source, noted);
    return noted;
  }

  /**
   * From the weeks before the last news: a silence does not teach that silence is usual. Anew only when an hour has
   * been completed since.
   */
  async #learn(
    source: string,
    { profile, observed, before }: Learning,
  ): Promise<Pick<Memory, "rhythm" | "learnedTo">> {
    const { zone } = profile;
    const { sinceMs, itemMs = sinceMs } = observed;
    const to = Math.floor(toWallHour(itemMs, zone));
    if (before?.learnedTo === to && before.zone === zone) return before;
    const from = Math.max(Math.ceil(toWallHour(sinceMs, zone)), to - MOST_HOURS);
    const firstWeek = Math.floor(from / HOURS_PER_WEEK);
    const weeks = Array.from({ length: WEEKS + 1 }, (_, index) => firstWeek + index);
    const counts = await readWeeks(this.#edition, source, weeks);
    const first = firstWeek * HOURS_PER_WEEK;
    const rhythm = learnRhythm(counts.slice(from - first, Math.max(from, to) - first), from);
    if (rhythm.isLearned) await writeUsualWeek(this.#edition, source, rhythm.perHour);
    return { rhythm, learnedTo: to };
  }
}

interface Learning {
  profile: SourceProfile;
  observed: Observed;
  before: Memory | undefined;
}
