import type { Request } from "express";
import type { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";

/** What came in at a door, as its schema says; else `invalid` with the field and a sentence. */
export function parseAtDoor<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw toInvalid(parsed.error);
}

function toInvalid(error: z.ZodError): NewsLineError {
  const issue = error.issues[0];
  if (issue === undefined) return new NewsLineError("invalid", { cause: error });
  if (issue.code === "unrecognized_keys") {
    const field = [...issue.path, issue.keys[0] ?? ""].join(".");
    return new NewsLineError("invalid", { field, message: `${field}: there is no such field.` });
  }
  const field = issue.path.join(".");
  // The parser's own sentences begin with a capital; the schema's go on after the field's name.
  const message = field === "" ? `The body: ${issue.message}.` : `${field}: ${issue.message}.`;
  return new NewsLineError("invalid", { ...(field !== "" && { field }), message });
}

/** A named part of the address. */
export function paramOf(request: Request, name: string): string {
  const value = request.params[name];
  if (typeof value !== "string") throw new Error(`the route has no :${name}`);
  return value;
}
