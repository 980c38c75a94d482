import { z } from "zod";
import { type RemoveReason, removeReason } from "../contract/delta.ts";
import type { Channel } from "../contract/names.ts";
import { type ControlMessage, controlMessage } from "../store/message.ts";

/** An op as it goes out: a put carries the item's JSON as the store made it. */
export type StoredOp =
  | { readonly kind: "put"; readonly item: string }
  | { readonly kind: "remove"; readonly reason: RemoveReason };

/** One step of one channel's log. */
export interface LogStep {
  readonly offset: number;
  readonly atMs: number;
  readonly id: string;
  readonly revision: number;
  readonly op: StoredOp;
}

/** A step as the edition's stream tells it. */
export interface Change extends LogStep {
  readonly channel: Channel;
  readonly epoch: string;
  readonly orderedAtMs: number;
}

/** One entry of the edition's stream. */
export interface Entry {
  readonly seq: number;
  /** Tells this entry from another that took its place after a loss. */
  readonly print: string;
  readonly changes: readonly Change[];
  readonly message: ControlMessage | undefined;
}

export type RawEntry = [id: string, fields: string[]];

const channelName = z.templateLiteral([z.enum(["public", "desk"]), ":", z.string()]);
const places = z.array(
  z.tuple([
    channelName,
    z.string(),
    z.number(),
    z.enum(["put", "remove"]),
    z.union([removeReason, z.literal(false)]),
  ]),
);

export function parseEntry([id, flat]: RawEntry): Entry {
  const fields = toFields(flat);
  const seq = Number.parseInt(id, 10);
  const at = fields.get("at") ?? "";
  const text = fields.get("m");
  if (text !== undefined) {
    // A newer program may send what this one does not know.
    const message = controlMessage.safeParse(JSON.parse(text));
    return { seq, print: `${at} ${text}`, changes: [], message: message.data };
  }
  return {
    seq,
    print: `${at} ${fields.get("i")} ${fields.get("v")}`,
    changes: toChanges(fields),
    message: undefined,
  };
}

function toChanges(fields: ReadonlyMap<string, string>): Change[] {
  const id = fields.get("i") ?? "";
  const revision = Number(fields.get("v"));
  const atMs = Number(fields.get("at"));
  const orderedAtMs = Number(fields.get("s"));
  return places.parse(JSON.parse(fields.get("c") ?? "[]")).map(([channel, epoch, offset, kind, reason]) => {
    const item = fields.get(channel.startsWith("desk:") ? "d" : "p") ?? "";
    const op: StoredOp =
      kind === "put" ? { kind, item } : { kind, reason: reason === false ? "retired" : reason };
    return { channel, epoch, offset, atMs, id, revision, orderedAtMs, op };
  });
}

const PUT_HEAD = '{"op":"put","item":';

/** An entry of a channel's own log. */
export function parseLogEntry([id, flat]: RawEntry): LogStep {
  const fields = toFields(flat);
  const json = fields.get("j") ?? "";
  return {
    offset: Number.parseInt(id, 10),
    atMs: Number(fields.get("at")),
    id: fields.get("i") ?? "",
    revision: Number(fields.get("v")),
    op:
      fields.get("k") === "put"
        ? { kind: "put", item: json.slice(PUT_HEAD.length, -1) }
        : { kind: "remove", reason: storedRemove.parse(JSON.parse(json)).reason },
  };
}

const storedRemove = z.object({ reason: removeReason });

/** The op as clients get it. */
export function toOpJson({ id, revision, op }: LogStep): string {
  return op.kind === "put"
    ? `${PUT_HEAD}${op.item}}`
    : `{"op":"remove","id":"${id}","revision":${revision},"reason":"${op.reason}"}`;
}

/** In JSON text a quote within a string is escaped, so this can be no reader's or agency's words. */
const URGENT_ITEM = /"urgency":[12][,}]/;

/** Whether readers must have it before anything else. */
export function isUrgent({ op }: LogStep): boolean {
  return op.kind === "put" ? URGENT_ITEM.test(op.item) : op.reason === "killed";
}

function toFields(flat: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? "", flat[i + 1] ?? "");
  return fields;
}
