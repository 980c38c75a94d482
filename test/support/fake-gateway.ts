import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diffWordsWithSpace } from "diff";
import express, { type Express, type Request, type Response } from "express";
import helmet from "helmet";
import { Server, type Socket } from "socket.io";
import { buildClient } from "../../scripts/client-bundles.mjs";
import type { Delta } from "../../src/contract/delta.ts";
import { type ErrorCode, NewsLineError } from "../../src/contract/errors.ts";
import type { LineItem } from "../../src/contract/item.ts";
import type { ServiceStatus } from "../../src/contract/screens.ts";
import type { DownEvents, Goodbye, UpEvents } from "../../src/contract/socket.ts";
import { LineModel } from "./line-model.ts";

type Gate = Server<UpEvents, DownEvents>;
type Link = Socket<UpEvents, DownEvents>;

interface Version {
  revision: number;
  change: string;
  pubStatus: string;
  headline: string;
  bodyText: string;
  receivedAt: string;
  timeBasis: string;
  correctionNote?: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
export const CLIENT_FOLDER = join(root, "node_modules/.newsline-test-client");
const now = () => new Date().toISOString();

let building: Promise<void> | undefined;

/** The bundles are made once a test run; every browser test loads the same files. */
export function buildClientOnce(): Promise<void> {
  building ??= buildClient(CLIENT_FOLDER);
  return building;
}

/**
 * A gateway in memory that speaks the contract (sections 6 and 7): for tests of the screens that must bring about
 * what a real one does seldom, such as a lost delta, a stale store, or no WebSocket at all.
 */
export class FakeGateway {
  readonly lines = new Map<string, LineModel>();
  readonly bodies = new Map<string, string>();
  readonly versions = new Map<string, Version[]>();
  readonly killed = new Set<string>();
  readonly seen: { line: string; position: string }[] = [];
  readonly app: Express = express();
  readonly http: HttpServer = createServer(this.app);
  readonly io: Gate;
  /** Set to refuse what a network may refuse. */
  blocks = { webSocket: false, events: false };
  status: Partial<ServiceStatus> = {
    live: true,
    worker: true,
    queue: { waiting: 0, oldestMs: 0 },
    latency: { p50: 8, p99: 31 },
    readers: { demo: 12 },
    version: "test-1",
  };
  #streams = new Set<{ line: string; response: Response }>();

  constructor() {
    this.io = new Server(this.http, {
      serveClient: false,
      allowRequest: (_request, answer) => answer(null, !this.blocks.webSocket),
    });
    this.io.on("connection", (socket) => this.#welcome(socket));
    this.#servePages();
    this.#serveReading();
    this.#serveEvents();
  }

  async start(): Promise<string> {
    await buildClientOnce();
    await new Promise<void>((resolve) => {
      this.http.listen(0, "127.0.0.1", resolve);
    });
    return this.url;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.http.address();
    return address === null || typeof address === "string" ? "" : `http://127.0.0.1:${address.port}/`;
  }

  async close(): Promise<void> {
    for (const { response } of this.#streams) response.end();
    this.http.closeAllConnections();
    await this.io.close();
  }

  line(name: string): LineModel {
    const known = this.lines.get(name) ?? new LineModel(name);
    this.lines.set(name, known);
    return known;
  }

  put(item: LineItem, bodyText = ""): void {
    this.bodies.set(item.id, bodyText);
    const versions = this.versions.get(item.id) ?? [];
    const { revision, change, headline, timeBasis, correctionNote } = item;
    const note = correctionNote === undefined ? {} : { correctionNote };
    versions.unshift({
      revision,
      change,
      pubStatus: "usable",
      headline,
      bodyText,
      receivedAt: now(),
      timeBasis,
      ...note,
    });
    this.versions.set(item.id, versions);
    for (const line of item.lines) this.send(this.line(line).put(item));
  }

  remove(id: string, reason: "killed" | "held", line = "demo"): void {
    const item = this.line(line).find(id);
    if (item === undefined) return;
    if (reason === "killed") this.killed.add(id);
    this.send(this.line(line).remove(id, item.revision + 1, reason));
  }

  send(delta: Delta): void {
    this.io.to(delta.line).emit("delta", delta);
    for (const stream of this.#streams) {
      if (stream.line === delta.line) write(stream.response, "delta", delta, `${delta.epoch}:${delta.to}`);
    }
  }

  tick(line: string, live = true, since?: string): void {
    const { epoch, offset } = this.line(line);
    const tick = { line, epoch, offset, at: now(), live, ...(since !== undefined && { since }) };
    this.io.to(line).emit("tick", tick);
  }

  /** Cuts every socket as a lost network would. */
  cut(goodbye?: Goodbye): void {
    for (const socket of this.io.of("/").sockets.values()) {
      if (goodbye !== undefined) socket.emit("goodbye", goodbye);
      socket.conn.close();
    }
  }

  #welcome(socket: Link): void {
    socket.on("subscribe", (request, ack) => {
      const line = this.line(request.line);
      const since = request.since === undefined ? undefined : line.since(request.since);
      const head = { protocol: 1, line: line.line, at: now(), position: line.position } as const;
      if (since !== undefined) ack({ ...head, kind: "catch-up", deltas: since });
      else ack({ ...head, kind: "snapshot", ...line.snapshot(request.limit ?? 50) });
      void socket.join(line.line);
    });
    socket.on("unsubscribe", (request, ack) => {
      void socket.leave(request.line);
      ack({});
    });
    socket.on("seen", (report) => this.seen.push(report));
  }

  #servePages(): void {
    this.app.use(
      helmet({
        contentSecurityPolicy: {
          useDefaults: false,
          directives: {
            "default-src": ["'self'"],
            "require-trusted-types-for": ["'script'"],
            "trusted-types": ["'none'"],
          },
        },
      }),
    );
    const send = (name: string) => (_request: Request, response: Response) => {
      response.sendFile(join(CLIENT_FOLDER, name), { dotfiles: "allow" });
    };
    this.app.get("/", send("index.html"));
    this.app.get("/wall", send("wall.html"));
    this.app.get("/desk", send("desk.html"));
    this.app.get("/embed.js", send("embed.js"));
    this.app.use("/assets", express.static(CLIENT_FOLDER, { dotfiles: "allow", index: false }));
  }

  #serveReading(): void {
    this.app.get("/v1/lines", (_request, response) => {
      const lines = [...this.lines.values()].map((model) => {
        const { count, position } = model.snapshot(1);
        return { line: model.line, title: model.line, language: "en", count, position };
      });
      response.json({ lines });
    });
    this.app.get("/v1/status", (_request, response) => {
      response.json(this.status);
    });
    this.app.get("/v1/lines/:line", (request, response) => {
      const before = request.query["before"];
      const limit = Number(request.query["limit"] ?? 50);
      const { line } = request.params;
      response.json({
        line,
        ...this.line(line).snapshot(limit, typeof before === "string" ? before : undefined),
      });
    });
    this.app.get("/v1/items/:id", (request, response) => {
      const { id } = request.params;
      const item = this.#find(id);
      if (this.killed.has(id)) return refuse(response, "killed");
      if (item === undefined) return refuse(response, "unknown_item");
      response.json({ ...item, pubStatus: "usable", bodyText: this.bodies.get(id) });
    });
    this.app.get("/v1/items/:id/revisions", (request, response) => {
      response.json({ revisions: this.versions.get(request.params.id) ?? [] });
    });
    this.app.get("/v1/items/:id/diff", (request, response) => {
      const versions = this.versions.get(request.params.id) ?? [];
      const find = (name: string) => versions.find((one) => String(one.revision) === request.query[name]);
      const [from, to] = [find("from"), find("to")];
      if (from === undefined || to === undefined) return refuse(response, "unknown_revision");
      const headline = toRuns(from.headline, to.headline);
      response.json({ headline, bodyText: toRuns(from.bodyText, to.bodyText) });
    });
  }

  #serveEvents(): void {
    this.app.get("/v1/lines/:line/deltas", (request, response) => {
      const line = this.line(request.params.line);
      const { since } = request.query;
      const deltas = typeof since === "string" ? line.since(since) : undefined;
      const { position } = line;
      if (deltas === undefined) return void response.json({ kind: "snapshot", ...line.snapshot(50) });
      const answer = () =>
        response.json({ kind: "catch-up", position: line.position, deltas: line.since(position) });
      if (deltas.length > 0) response.json({ kind: "catch-up", position, deltas });
      else setTimeout(answer, Math.min(Number(request.query["wait"] ?? 0) * 1000, 300));
    });
    this.app.get("/v1/lines/:line/events", (request, response) => {
      if (this.blocks.events) return refuse(response, "unavailable");
      const line = this.line(request.params.line);
      const { since } = request.query;
      response.setHeader("content-type", "text/event-stream");
      response.flushHeaders();
      const deltas = typeof since === "string" ? line.since(since) : undefined;
      if (deltas === undefined)
        write(response, "snapshot", { ...line.snapshot(50), line: line.line }, line.position);
      for (const delta of deltas ?? []) write(response, "delta", delta, `${delta.epoch}:${delta.to}`);
      const { epoch, offset } = line;
      const tick = { line: line.line, epoch, offset, at: now(), live: true };
      response.write(`event: tick\ndata: ${JSON.stringify(tick)}\n\n`);
      const stream = { line: line.line, response };
      this.#streams.add(stream);
      response.on("close", () => this.#streams.delete(stream));
    });
  }

  #find(id: string): LineItem | undefined {
    return [...this.lines.values()].map((line) => line.find(id)).find((item) => item !== undefined);
  }
}

function write(response: Response, event: string, data: unknown, id: string): void {
  response.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
}

export function refuse(response: Response, code: ErrorCode): void {
  const error = new NewsLineError(code);
  response.status(error.status).json(error.toBody());
}

function toRuns(before: string, after: string) {
  return diffWordsWithSpace(before, after).map((part) => {
    const mark = part.added ? "added" : "same";
    return { mark: part.removed ? "removed" : mark, text: part.value };
  });
}
