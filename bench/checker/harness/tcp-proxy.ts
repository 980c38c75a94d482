import { once } from "node:events";
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "./chance.ts";

interface Pair {
  near: Socket;
  far: Socket;
}

/** Stands between two processes on the loopback address and does to their connections what networks do. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #target: NetConnectOpts | undefined;
  #refuseUntilMs = 0;
  #stalls = 0;

  private constructor(server: Server, target: NetConnectOpts | undefined) {
    this.#server = server;
    this.#target = target;
    server.on("connection", (near: Socket) => this.#join(near));
  }

  static async listen(target?: NetConnectOpts): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: false, noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TcpProxy(server, target);
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy listens on no port");
    return address.port;
  }

  /** Where connections lead from now on; nowhere while undefined. */
  leadTo(target: NetConnectOpts | undefined): void {
    this.#target = target;
  }

  #join(near: Socket): void {
    near.on("error", () => near.destroy());
    if (this.#target === undefined || Date.now() < this.#refuseUntilMs) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.#target);
    far.on("error", () => far.destroy());
    const pair = { near, far };
    this.#pairs.add(pair);
    this.#carry(near, far);
    this.#carry(far, near);
    near.once("close", () => {
      this.#pairs.delete(pair);
      far.destroy();
    });
    far.once("close", () => near.destroy());
  }

  #carry(from: Socket, to: Socket): void {
    from.on("data", (bytes: Buffer) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on("drain", () => {
      if (this.#stalls === 0) from.resume();
    });
    from.on("end", () => to.end());
  }

  /** Ends a share of the connections, some politely, some not. Gives how many. */
  cut(share: number, chance: Chance): number {
    const unlucky = [...this.#pairs].filter(() => chance.isLucky(share));
    for (const { near, far } of unlucky) {
      if (chance.isLucky(0.5)) near.destroy();
      else near.resetAndDestroy();
      far.destroy();
    }
    return unlucky.length;
  }

  /** Nothing passes for a while, on a share of the connections; then it goes on as if nothing had been. */
  async stall(share: number, ms: number, chance: Chance): Promise<number> {
    const stuck = [...this.#pairs].filter(() => chance.isLucky(share));
    this.#stalls += 1;
    for (const { near, far } of stuck) {
      near.pause();
      far.pause();
    }
    await sleep(ms);
    this.#stalls -= 1;
    for (const { near, far } of stuck) {
      near.resume();
      far.resume();
    }
    return stuck.length;
  }

  /** New connections get no further. */
  refuse(ms: number): void {
    this.#refuseUntilMs = Date.now() + ms;
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}
