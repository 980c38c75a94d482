import { randomUUID } from "node:crypto";
import express, { type Request, type Response } from "express";
import { type ErrorCode, NewsLineError } from "../../src/contract/errors.ts";
import type { DeskLineItem, LineItem } from "../../src/contract/item.ts";
import type { ItemScreens } from "../../src/contract/screens.ts";
import { type FakeGateway, refuse } from "./fake-gateway.ts";
import { LineModel, toItem } from "./line-model.ts";

export const EDITOR_TOKEN = "editor-token";

type Fields = Partial<DeskLineItem> & { body?: string | null };

/** The editors' door of a `FakeGateway`: REST commands and the `/desk` namespace, in memory. */
export class FakeDesk {
  readonly lines = new Map<string, LineModel>();
  readonly keys: string[] = [];
  readonly killed: { id: string; reason: string }[] = [];
  /** What `/screens` tells of every item; undefined: nothing is known of it. */
  screens: Partial<ItemScreens> | undefined = { still: 0, unknown: 0, pending: 0 };
  /** The next commands are refused with these, in order. */
  readonly refusals: ErrorCode[] = [];
  readonly #gateway: FakeGateway;
  readonly #byKey = new Map<string, string>();

  constructor(gateway: FakeGateway) {
    this.#gateway = gateway;
    this.#serveCommands();
    this.#serveLists();
    this.#serveSockets();
  }

  line(name: string): LineModel {
    const known = this.lines.get(name) ?? new LineModel(name, "deskepoch1");
    this.lines.set(name, known);
    return known;
  }

  find(id: string): LineItem | undefined {
    return [...this.lines.values()].map((line) => line.find(id)).find((item) => item !== undefined);
  }

  /** Stores an item for the desk, and for readers unless it is held. */
  put(fields: Fields & { id: string }): LineItem {
    const { body, ...rest } = fields;
    const item = { pubStatus: "usable", receivedAt: new Date().toISOString(), ...toItem(rest) } as const;
    const bodyText = body ?? this.#gateway.bodies.get(item.id) ?? "";
    for (const line of item.lines) this.#send(this.line(line).put(item));
    this.#gateway.bodies.set(item.id, bodyText);
    if (item.pubStatus === "usable") this.#gateway.put(item, bodyText);
    return item;
  }

  #send(delta: ReturnType<LineModel["put"]>): void {
    this.#gateway.io.of("/desk").to(delta.line).emit("delta", delta);
  }

  #serveSockets(): void {
    const namespace = this.#gateway.io.of("/desk");
    namespace.use((socket, next) => {
      if (socket.handshake.auth["token"] === EDITOR_TOKEN) return next();
      const error = new NewsLineError("unauthorized");
      next(Object.assign(new Error(error.message), { data: error.toBody() }));
    });
    namespace.on("connection", (socket) => {
      socket.on("subscribe", (request, ack) => {
        const line = this.line(request.line);
        const head = { protocol: 1, line: line.line, at: new Date().toISOString() } as const;
        ack({ ...head, kind: "snapshot", ...line.snapshot(request.limit ?? 50) });
        void socket.join(line.line);
      });
      socket.on("unsubscribe", (request, ack) => {
        void socket.leave(request.line);
        ack({});
      });
    });
  }

  #serveCommands(): void {
    const { app } = this.#gateway;
    app.use("/v1", express.json());
    const guard = (handle: (request: Request, response: Response) => void) => {
      return (request: Request, response: Response) => {
        const refusal = this.refusals.shift();
        this.keys.push(request.get("idempotency-key") ?? "");
        if (request.get("authorization") !== `Bearer ${EDITOR_TOKEN}`) refuse(response, "unauthorized");
        else if (refusal !== undefined) refuse(response, refusal);
        else handle(request, response);
      };
    };
    app.post(
      "/v1/items",
      guard((request, response) => this.#publish(request, response)),
    );
    app.put(
      "/v1/items/:id",
      guard((request, response) => this.#change(request, response)),
    );
    app.post(
      "/v1/items/:id/kill",
      guard((request, response) => this.#kill(request, response)),
    );
    for (const action of ["hold", "release", "pin", "unpin"] as const) {
      app.post(
        `/v1/items/:id/${action}`,
        guard((request, response) => this.#act(request, response, action)),
      );
    }
  }

  #serveLists(): void {
    const isEditor = (request: Request) => request.get("authorization") === `Bearer ${EDITOR_TOKEN}`;
    this.#gateway.app.get("/v1/quarantine", (request, response) => {
      if (!isEditor(request)) return refuse(response, "unauthorized");
      const message = "The document ends in the middle of an element.";
      const entry = { id: "1-0", delivery: "d1", source: "coast", code: "unreadable", message };
      response.json({ entries: [{ ...entry, at: "2026-03-04T10:00:00.000Z" }] });
    });
    this.#gateway.app.get("/v1/items/:id/screens", (request, response) => {
      if (!isEditor(request)) return refuse(response, "unauthorized");
      if (this.screens === undefined) return refuse(response, "unknown_item");
      response.json({ id: request.params.id, revision: 2, ...this.screens });
    });
    this.#gateway.app.get("/v1/sources", (request, response) => {
      if (!isEditor(request)) return refuse(response, "unauthorized");
      const report = {
        usualPerHour: 4,
        lateness: { items: 9, medianMs: 40_000, p95Ms: 240_000 },
        alarms: [{ kind: "missing", says: "3 missing of abc: 102–103, 105." }],
      };
      const health = { lastItemAt: new Date().toISOString(), items: 214, failures: 1, report };
      const profile = { kind: "poll", lines: ["demo"], every: 60 };
      response.json({ sources: [{ source: "coast", profile, health }] });
    });
  }

  #publish(request: Request, response: Response): void {
    const { body, ...fields }: Fields = request.body;
    const key = request.get("idempotency-key") ?? "";
    const known = this.#byKey.get(key);
    const id = known ?? `desk-${randomUUID().slice(0, 8)}`;
    this.#byKey.set(key, id);
    const now = new Date().toISOString();
    const times = { orderedAt: now, firstCreated: now, publishedAt: now };
    const isHeld = fields.embargoedUntil !== undefined;
    const status = isHeld ? ({ pubStatus: "withheld" } as const) : {};
    if (known === undefined) this.put({ ...fields, ...times, ...status, id, by: "Editor", body: body ?? "" });
    this.#answer(response, id, 201);
  }

  #change(request: Request, response: Response): void {
    const { body, ...fields }: Fields = request.body;
    const item = this.find(String(request.params["id"]));
    if (item === undefined) return refuse(response, "unknown_item");
    if (request.get("if-match") !== `"${item.revision}"`) {
      const current = { ...item, pubStatus: "usable", bodyText: this.#gateway.bodies.get(item.id) };
      const error = new NewsLineError("stale_revision", { current });
      return void response.status(409).json(error.toBody());
    }
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    this.put({ ...item, ...given, revision: item.revision + 1, ...(typeof body === "string" && { body }) });
    this.#answer(response, item.id);
  }

  #kill(request: Request, response: Response): void {
    const item = this.find(String(request.params["id"]));
    if (item === undefined) return refuse(response, "unknown_item");
    this.killed.push({ id: item.id, reason: String(request.body["reason"]) });
    for (const line of item.lines) {
      this.#send(this.line(line).remove(item.id, item.revision + 1, "killed"));
      this.#gateway.remove(item.id, "killed", line);
    }
    response.json({ item: { id: item.id, pubStatus: "canceled" }, position: null, positions: {} });
  }

  #act(request: Request, response: Response, action: "hold" | "release" | "pin" | "unpin"): void {
    const item = this.find(String(request.params["id"]));
    if (item === undefined) return refuse(response, "unknown_item");
    const { pinned: _pinned, ...rest } = item;
    const changes = {
      hold: { pubStatus: "withheld" },
      release: { pubStatus: "usable" },
      pin: { pinned: true },
      unpin: {},
    } as const;
    this.put({ ...rest, ...changes[action], revision: item.revision + 1 });
    if (action === "hold") for (const line of item.lines) this.#gateway.remove(item.id, "held", line);
    this.#answer(response, item.id);
  }

  #answer(response: Response, id: string, status = 200): void {
    response.status(status).json({ item: { ...this.find(id), bodyText: "" }, position: null, positions: {} });
  }
}
