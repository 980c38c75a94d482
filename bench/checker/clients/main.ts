import { setTimeout as sleep } from "node:timers/promises";
import { Chance } from "../harness/chance.ts";
import { ASKING } from "../history.ts";
import { Ear, Liar } from "./faults.ts";
import { Follower } from "./follower.ts";
import { type FromClients, type ToClients, toClients } from "./messages.ts";
import { PageReader } from "./page-reader.ts";
import { Recorder } from "./recorder.ts";

/** Many clients in one process, told by the checker what to do. */
const COUNTS_MS = 500;

let followers: Follower[] = [];
let readers: PageReader[] = [];
let recorder: Recorder | undefined;
let liar: Liar | undefined;

function say(message: FromClients): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

function start({ plans, ports, seed, path, fault }: Extract<ToClients, { do: "start" }>): void {
  const ownRecorder = new Recorder(path);
  recorder = ownRecorder;
  liar = fault === undefined ? undefined : new Liar(fault);
  for (const plan of plans) {
    const chance = new Chance(seed).fork(`client ${plan.client}`);
    const options = { plan, ports, recorder: ownRecorder, ear: new Ear(plan.line, liar), chance };
    const isReader = ASKING.some((door) => plan.doors.includes(door));
    if (isReader) readers.push(new PageReader(options));
    else followers.push(new Follower(options));
  }
  for (const client of [...followers, ...readers]) client.start();
  setInterval(tellCounts, COUNTS_MS);
}

function tellCounts(): void {
  const counts = Object.fromEntries(Object.entries(recorder?.counts ?? {}));
  say({ say: "counts", counts, lies: liar?.told ?? 0 });
}

async function settle({ positions, patienceMs }: Extract<ToClients, { do: "settle" }>): Promise<void> {
  for (const follower of followers) follower.stay();
  const deadline = Date.now() + patienceMs;
  const isThere = ({ line, position }: Follower) => position === positions[line];
  while (!followers.every(isThere) && Date.now() < deadline) await sleep(50);
  for (const follower of followers) follower.noteHeld();
  say({ say: "settled" });
}

async function stop(): Promise<void> {
  await Promise.all([...followers, ...readers].map((client) => client.close()));
  followers = [];
  readers = [];
  await recorder?.close();
  tellCounts();
  say({ say: "stopped" });
}

process.on("message", (raw) => {
  const message = toClients.parse(raw);
  switch (message.do) {
    case "start":
      start(message);
      break;
    case "lie":
      liar?.arm();
      break;
    case "leaks":
      liar?.learn(message.leaks);
      break;
    case "settle":
      void settle(message);
      break;
    case "stop":
      void stop();
      break;
  }
});
process.on("disconnect", () => process.exit(0));
