import { Gauge, type Registry } from "prom-client";
import { SOURCE_ALARMS, type SourceReport } from "../contract/screens.ts";

type Reports = () => ReadonlyMap<string, SourceReport>;
type Row = [labels: Record<string, string>, value: number | undefined];

/** What the doctor said of each source. Sources are set up by a person, so the label's values are bounded. */
export function addSourceGauges(register: Registry, reports: Reports): void {
  const add = (name: string, help: string, rows: (report: SourceReport) => Row[], labels: string[] = []) => {
    const gauge = new Gauge({
      name: `newsline_source_${name}`,
      help,
      labelNames: ["source", ...labels],
      registers: [],
      collect() {
        this.reset();
        for (const [source, report] of reports()) {
          for (const [own, value] of rows(report))
            if (value !== undefined) this.set({ source, ...own }, value);
        }
      },
    });
    register.registerMetric(gauge);
  };
  add("silent_seconds", "Since something of the source last took effect", ({ silence }) => [
    [{}, silence && Math.max(0, (Date.now() - Date.parse(silence.since)) / 1_000)],
  ]);
  add("due_spells", "Spells of 5 minutes with news that were due since then", ({ silence }) => [
    [{}, silence?.due],
  ]);
  add(
    "lateness_seconds",
    "Received minus source time of new items, today and yesterday",
    ({ lateness }) => [
      [{ quantile: "0.5" }, lateness && lateness.medianMs / 1_000],
      [{ quantile: "0.95" }, lateness && lateness.p95Ms / 1_000],
    ],
    ["quantile"],
  );
  add("lateness_now_seconds", "The same of its last twenty", ({ lateness }) => [
    [{}, lateness?.nowMs !== undefined ? lateness.nowMs / 1_000 : undefined],
  ]);
  add("lateness_usual_seconds", "The most that was usual of twenty", ({ lateness }) => [
    [{}, lateness?.usualMs !== undefined ? lateness.usualMs / 1_000 : undefined],
  ]);
  add("ahead_items", "New items whose time lay in the future, today and yesterday", ({ lateness, clock }) => [
    [{}, lateness && (clock?.ahead ?? 0)],
  ]);
  add("missing_numbers", "Running numbers that never came, today and yesterday", ({ missing = [] }) => [
    [{}, missing.reduce((sum, { count }) => sum + count, 0)],
  ]);
  add("deliveries", "Deliveries of today and yesterday", ({ deliveries }) => [[{}, deliveries]]);
  add("unreadable_deliveries", "Those of them that could not be read", ({ unreadable }) => [
    [{}, unreadable],
  ]);
  add(
    "alarm",
    "1 while something about the source is odd",
    ({ alarms }) =>
      SOURCE_ALARMS.map((kind): Row => [{ kind }, Number(alarms.some((alarm) => alarm.kind === kind))]),
    ["kind"],
  );
}
