import { z } from "zod";

/** What the processes of the storm tell each other. */
export const toReaders = z.object({ do: z.enum(["open", "tell", "compare"]) });
export const fromReaders = z.object({
  /** Have their acknowledgement, and what they were sent since joins it. */
  whole: z.number(),
  /** Acknowledgements by what they brought. */
  snapshots: z.number(),
  catchUps: z.number(),
  /** Frames with a delta, of all clients. */
  deltas: z.number(),
  /** Connections that ended, or could not be made. */
  lost: z.number(),
  refused: z.number(),
  /** What the protocol does not allow: a gap, a revision that goes back. */
  faults: z.array(z.string()),
  /** The lowest offset that anybody has reached. */
  lowest: z.number(),
  /** Of the sampled clients, when they are to compare: how often each hash. */
  hashes: z.record(z.string(), z.number()),
});
export type Told = z.infer<typeof fromReaders>;
