import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import type { Siblings } from "./siblings.ts";

/** A page must come before Prometheus gives up; whoever is late is shown as down. */
const PATIENCE_MS = 2_000;

/**
 * `/metrics` of gateways that share a port: the pages of all of them as one, each sample with its gateway's name, so
 * that it is the same page whichever of them answers. `?gateway=NAME` is the page of that one alone.
 */
export function createJointMetrics(siblings: Siblings): Router {
  const router = Router();
  router.get("/metrics", async (request, response, next) => {
    const { gateway } = request.query;
    if (gateway === siblings.own) {
      next();
      return;
    }
    response.set({ "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store" });
    if (gateway === undefined) {
      const pages = await Promise.all(
        siblings.names.map(async (name) => [name, await readPage(name)] as const),
      );
      response.send(joinPages(pages));
      return;
    }
    const page = typeof gateway === "string" ? await readPage(gateway) : undefined;
    if (page === undefined) throw new NewsLineError("not_found", { field: "gateway" });
    response.send(page);
  });

  async function readPage(name: string): Promise<string | undefined> {
    const socketPath = siblings.pathOf(name);
    if (socketPath === undefined) return undefined;
    return new Promise((resolve) => {
      const asked = httpRequest({
        socketPath,
        path: `/metrics?gateway=${encodeURIComponent(name)}`,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      asked.once("response", (answer) => void text(answer).then(resolve, () => resolve(undefined)));
      asked.once("error", () => resolve(undefined));
      asked.end();
    });
  }
  return router;
}

interface Family {
  head: string[];
  /** By name and labels. */
  samples: Map<string, string>;
}

/** Prometheus wants all samples of a name together, below its help and type. */
export function joinPages(pages: readonly (readonly [gateway: string, page: string | undefined])[]): string {
  const families = new Map<string, Family>();
  const up = pages.map(
    ([gateway, page]) => `newsline_gateway_up{gateway="${gateway}"} ${page === undefined ? 0 : 1}`,
  );
  for (const [gateway, page = ""] of pages) addPage(families, gateway, page);
  const rows = [...families.values()].flatMap(({ head, samples }) => [
    ...head,
    ...[...samples].map(([name, value]) => `${name} ${value}`),
  ]);
  const help = ["# HELP newsline_gateway_up 1 while this gateway of the shared port answers"];
  return [...help, "# TYPE newsline_gateway_up gauge", ...up, ...rows, ""].join("\n");
}

function addPage(families: Map<string, Family>, gateway: string, page: string): void {
  let family: Family | undefined;
  for (const row of page.split("\n")) {
    const [, kind, name = ""] = /^# (HELP|TYPE) (\S+)/.exec(row) ?? [];
    if (kind === "HELP") {
      family = families.get(name) ?? { head: [], samples: new Map() };
      families.set(name, family);
    }
    if (kind !== undefined) {
      if (!family?.head.includes(row)) family?.head.push(row);
      continue;
    }
    const end = row.lastIndexOf(" ");
    if (end < 0) continue;
    const [sample, value] = [toLabelled(row.slice(0, end), gateway), row.slice(end + 1)];
    // What gateways tell of each other is best known to the one that it is about.
    const isOwn = sample.includes(`gateway="${gateway}"`);
    if (isOwn || family?.samples.has(sample) === false) family?.samples.set(sample, value);
  }
}

function toLabelled(sample: string, gateway: string): string {
  if (/[{,]gateway="/.test(sample)) return sample;
  const label = `gateway="${gateway}"`;
  const start = sample.indexOf("{");
  if (start < 0) return `${sample}{${label}}`;
  return `${sample.slice(0, start)}{${label},${sample.slice(start + 1)}`;
}
