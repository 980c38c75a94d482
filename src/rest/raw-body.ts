import express, { type Request, type RequestHandler } from "express";
import { NewsLineError } from "../contract/errors.ts";

/** Of a delivery when decoded: a small body must not unfold into one that fills the memory. */
const DELIVERY_LIMIT = 15 * 1024 * 1024;

/** Never a story. What is none of these is looked at by the worker. */
const NO_STORY =
  /^(?:image|video|audio|font|multipart)\/|^application\/(?:zip|gzip|pdf|x-(?:zip|gzip|tar|7z|rar|bzip)[\w-]*|vnd\.rar|msword|vnd\.(?:openxmlformats|ms-|oasis)[\w.+-]*)$/i;

const parse = express.raw({ limit: DELIVERY_LIMIT, type: () => true });

/** Reads the bytes as they were before gzip, deflate or br; refuses what can hold no story, unread. */
export function readBytes(): RequestHandler {
  return (request, response, next) => {
    refuseType(request.get("Content-Type"));
    parse(request, response, (error?: unknown) => {
      if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
        next(
          new NewsLineError("unreadable", {
            message: "The body's Content-Encoding is broken.",
            cause: error,
          }),
        );
      } else {
        next(error);
      }
    });
  };
}

/** The bytes of a route behind `readBytes`. */
export function bytesOf(request: Request): Buffer {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new NewsLineError("invalid", { message: "The body is empty. Send the document's bytes." });
  }
  return body;
}

function refuseType(header: string | undefined): void {
  if (header === undefined) return;
  const type = header.split(";")[0]?.trim() ?? "";
  if (NO_STORY.test(type)) {
    throw new NewsLineError("unsupported_type", {
      message: `${type} holds no story that could be read here.`,
    });
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(header)?.[1];
  if (charset !== undefined && !isKnownCharset(charset)) {
    throw new NewsLineError("unsupported_type", { message: `The charset ${charset} is not known here.` });
  }
}

function isKnownCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}
