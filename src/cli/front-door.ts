import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { BACKLOG } from "../backlog.ts";
import type { Config } from "../config.ts";
import { leaveServer } from "../siblings/siblings.ts";
import { gatewayWord, type SupervisorWord } from "../siblings/words.ts";
import { explainListenError } from "./port.ts";

interface Seat {
  child: ChildProcess;
  /** Nobody is dealt to a gateway that does not listen yet; to one that drains only if there is no other. */
  state: "starting" | "open" | "draining";
}

/**
 * One port for several gateways. Connections are dealt out whole and in turn, so each gateway has as many as the
 * others; their bytes never pass through here.
 */
export class FrontDoor {
  readonly #server: Server;
  readonly #seats = new Map<string, Seat>();
  #turn = 0;

  constructor() {
    const options = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true };
    this.#server = createServer(options, (socket) => this.#deal(socket));
  }

  async listen({ port, host }: Pick<Config, "port" | "host">): Promise<number> {
    try {
      this.#server.listen({ port, host, backlog: BACKLOG });
      await once(this.#server, "listening");
    } catch (error) {
      throw explainListenError(error, { port, host }) ?? error;
    }
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the front door listens on no port");
    return address.port;
  }

  /** The process is dealt connections from when it says so until it ends. */
  seat(gateway: string, child: ChildProcess): void {
    const seat: Seat = { child, state: "starting" };
    this.#seats.set(gateway, seat);
    child.on("message", (message, handle) => this.#handle(seat, message, handle));
    child.once("exit", () => {
      if (this.#seats.get(gateway) === seat) this.#seats.delete(gateway);
    });
  }

  /** Does not wait for the connections: they are the gateways'. */
  close(): void {
    this.#server.close();
  }

  #deal(socket: Socket): void {
    const seat = this.#choose();
    if (seat === undefined) socket.destroy();
    else pass(socket, seat.child, { door: "connection" });
  }

  #choose(): Seat | undefined {
    const seats = [...this.#seats.values()];
    const open = seats.filter(({ state }) => state === "open");
    // When all drain, one of them has to say so.
    const candidates = open.length > 0 ? open : seats.filter(({ state }) => state === "draining");
    this.#turn += 1;
    return candidates[this.#turn % candidates.length];
  }

  #handle(seat: Seat, message: unknown, handle: unknown): void {
    const { data: word } = gatewayWord.safeParse(message);
    if (word === undefined) return;
    if (word.door !== "hand-over") {
      seat.state = word.door;
      return;
    }
    if (!isSocket(handle)) return;
    const home = this.#seats.get(word.to);
    if (home === undefined) handle.destroy();
    else pass(handle, home.child, { door: "upgrade", upgrade: word.upgrade });
  }
}

function pass(socket: Socket, child: ChildProcess, word: SupervisorWord): void {
  // A caller that goes while it is passed on.
  socket.on("error", () => socket.destroy());
  // One that ended at this very moment takes nobody: the caller asks again, and another is there.
  leaveServer(socket);
  child.send(word, socket, {}, (error) => {
    if (error !== null) socket.destroy();
  });
}

function isSocket(handle: unknown): handle is Socket {
  return typeof handle === "object" && handle !== null && "destroy" in handle;
}
