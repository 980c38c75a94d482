import { z } from "zod";

/** An upgrade whose session lives in another gateway than the one that read it. */
const passedUpgrade = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
});
export type PassedUpgrade = z.infer<typeof passedUpgrade>;

/** What a gateway says to the supervisor, which holds the port. A socket comes with `hand-over`. */
export const gatewayWord = z.discriminatedUnion("door", [
  z.object({ door: z.literal("open") }),
  z.object({ door: z.literal("draining") }),
  z.object({ door: z.literal("hand-over"), to: z.string(), upgrade: passedUpgrade }),
]);
export type GatewayWord = z.infer<typeof gatewayWord>;

/** What the supervisor says to a gateway; a socket comes with each. */
export const supervisorWord = z.discriminatedUnion("door", [
  z.object({ door: z.literal("connection") }),
  z.object({ door: z.literal("upgrade"), upgrade: passedUpgrade }),
]);
export type SupervisorWord = z.infer<typeof supervisorWord>;
