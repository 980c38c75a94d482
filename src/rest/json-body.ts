import express, { type RequestHandler } from "express";
import { NewsLineError } from "../contract/errors.ts";

/** Items and settings; deliveries have a door of their own. */
const JSON_LIMIT = 256 * 1024;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/i;

const parse = express.json({ limit: JSON_LIMIT, type: () => true });

/** Reads one JSON object. A body without a type is taken for JSON; one of another type is refused. */
export function readJson(): RequestHandler {
  return (request, response, next) => {
    const type = request.get("Content-Type")?.split(";")[0]?.trim() ?? "";
    if (type !== "" && !JSON_TYPE.test(type)) {
      throw new NewsLineError("unsupported_type", {
        message: `Content-Type ${type} is not read here. Send application/json.`,
      });
    }
    parse(request, response, next);
  };
}
