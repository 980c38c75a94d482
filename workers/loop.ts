import type { Logger } from "../src/log.ts";

/** A piece of work that is done again and again, never twice at once. */
export interface Loop {
  start(): void;
  /** Waits for the round that is running. */
  close(): Promise<void>;
}

/** `work` says in how many ms it wants to run again; a failed round is logged and tried again after `retryMs`. */
export function createLoop(name: string, work: () => Promise<number>, log: Logger): Loop {
  const retryMs = 1_000;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  const round = async (): Promise<void> => {
    let nextMs = retryMs;
    try {
      nextMs = await work();
    } catch (error) {
      log.warn({ err: error, job: name }, "a round failed");
    }
    if (!isClosed) timer = setTimeout(begin, nextMs);
  };
  const begin = () => {
    running = round();
  };
  return {
    start: begin,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
