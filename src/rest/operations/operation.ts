import type { z } from "zod";
import type { Role } from "../../contract/rest.ts";

/** One call of the HTTP contract, as it is documented. */
export interface Operation {
  method: "get" | "post" | "put" | "delete";
  /** With `{name}` for what varies. */
  path: string;
  summary: string;
  /** The lowest role that may; absent = anybody. */
  role?: Role;
  query?: z.ZodObject;
  headers?: Record<string, string>;
  /** `bytes` = any document as it is. */
  body?: z.ZodType | "bytes";
  answers: Record<number, Answer>;
  /** Error codes beside those that every call may give. */
  errors?: string[];
}
export interface Answer {
  says: string;
  schema?: z.ZodType;
  /** Of an answer that is not JSON. */
  type?: string;
}
