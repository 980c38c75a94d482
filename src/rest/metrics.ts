import { Router } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { toTotals } from "../reader-counts.ts";
import type { Presence } from "./presence.ts";
import type { Pulse } from "./pulse.ts";
import { addSourceGauges } from "./source-metrics.ts";

export interface Metrics {
  readonly router: Router;
  countDelta(tookMs: number): void;
  countDelivery(bytes: number): void;
}

export interface MetricsOptions {
  views: { readonly live: { live: boolean } };
  pulse: Pulse;
  presence: Pick<Presence, "gateway" | "counts" | "readers">;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** This gateway process's own numbers; counts and times only, nothing of any item (EMB4). */
export function createMetrics({ views, pulse, presence }: MetricsOptions): Metrics {
  const register = new Registry();
  // Looked at every 10 ms, an idle gateway would spend more on its event loop's delay than on anything else.
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 100 });
  const registers = [register];
  addGauge(register, {
    name: "newsline_live",
    help: "1 while this gateway hears of changes in the store",
    read: () => Number(views.live.live),
  });
  addGauge(register, {
    name: "newsline_worker_alive",
    help: "1 while a worker has been heard of in the last seconds",
    read: () => Number(pulse.state.worker),
  });
  addGauge(register, {
    name: "newsline_queue_waiting",
    help: "Jobs that wait for a worker",
    read: () => pulse.state.queue.waiting,
  });
  addGauge(register, {
    name: "newsline_queue_oldest_seconds",
    help: "How long the oldest waiting job has waited",
    read: () => pulse.state.queue.oldestMs / 1_000,
  });
  addReaders(register, presence);
  addSourceGauges(register, () => pulse.reports);
  const deltas = new Counter({
    name: "newsline_deltas_total",
    help: "Deltas made for channels here",
    registers,
  });
  const latency = new Histogram({
    name: "newsline_delta_latency_seconds",
    help: "From stored to sent here",
    buckets: SECONDS,
    registers,
  });
  const deliveries = new Counter({
    name: "newsline_deliveries_total",
    help: "Deliveries accepted here",
    registers,
  });
  const bytes = new Counter({
    name: "newsline_delivery_bytes_total",
    help: "Their bytes, decoded",
    registers,
  });
  return {
    router: createRouter(register),
    countDelta(tookMs) {
      deltas.inc();
      latency.observe(Math.max(0, tookMs) / 1_000);
    },
    countDelivery(size) {
      deliveries.inc();
      bytes.inc(size);
    },
  };
}

function addGauge(register: Registry, gauge: { name: string; help: string; read: () => number }): void {
  const { name, help, read } = gauge;
  const made = new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });
  register.registerMetric(made);
}

/** Only lines that exist have readers, so the labels' values are bounded. */
function addReaders(register: Registry, presence: MetricsOptions["presence"]): void {
  addLabelled(register, {
    name: "newsline_readers",
    help: "Who follows a line at this gateway: sum over gateways",
    labelNames: ["line"],
    read: () => {
      const here = toTotals(presence.counts().get(presence.gateway) ?? {});
      return Object.keys(presence.readers()).map((line) => ({ labels: { line }, value: here[line] ?? 0 }));
    },
  });
  addLabelled(register, {
    name: "newsline_gateway_readers",
    help: "Who follows a line, by gateway and door, as this gateway has heard: take the max over gateways",
    labelNames: ["gateway", "line", "door"],
    read: () =>
      [...presence.counts()].flatMap(([gateway, counts]) =>
        Object.entries(counts).flatMap(([line, doors]) =>
          Object.entries(doors).map(([door, value]) => ({ labels: { gateway, line, door }, value })),
        ),
      ),
  });
  addLabelled(register, {
    name: "newsline_edition_readers",
    help: "Who follows a line at all gateways, the same at each: take the max, never the sum",
    labelNames: ["line"],
    read: () => Object.entries(presence.readers()).map(([line, value]) => ({ labels: { line }, value })),
  });
}

interface LabelledGauge<L extends string> {
  name: string;
  help: string;
  labelNames: L[];
  read: () => { labels: Record<L, string>; value: number }[];
}

function addLabelled<L extends string>(register: Registry, gauge: LabelledGauge<L>): void {
  const { read, ...rest } = gauge;
  const made = new Gauge({
    ...rest,
    registers: [],
    collect() {
      // What is no longer there must not stand at its last value.
      this.reset();
      for (const { labels, value } of read()) this.set(labels, value);
    },
  });
  register.registerMetric(made);
}

function createRouter(register: Registry): Router {
  const router = Router();
  router.get("/metrics", async (_request, response) => {
    response.set({ "Content-Type": register.contentType, "Cache-Control": "no-store" });
    response.send(await register.metrics());
  });
  return router;
}
