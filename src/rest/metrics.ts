import { Router } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Pulse } from "./pulse.ts";

export interface Metrics {
  readonly router: Router;
  countDelta(tookMs: number): void;
  countDelivery(bytes: number): void;
}

export interface MetricsOptions {
  views: { readonly live: { live: boolean } };
  pulse: Pulse;
  readers: () => Record<string, number>;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** This gateway process's own numbers; counts and times only, nothing of any item (EMB4). */
export function createMetrics({ views, pulse, readers }: MetricsOptions): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
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
  // Only lines that exist have readers, so the label's values are bounded.
  const following = new Gauge({
    name: "newsline_readers",
    help: "Sockets and streams that follow a line here",
    labelNames: ["line"],
    registers: [],
    collect() {
      this.reset();
      for (const [line, count] of Object.entries(readers())) this.set({ line }, count);
    },
  });
  register.registerMetric(following);
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

function createRouter(register: Registry): Router {
  const router = Router();
  router.get("/metrics", async (_request, response) => {
    response.set({ "Content-Type": register.contentType, "Cache-Control": "no-store" });
    response.send(await register.metrics());
  });
  return router;
}
