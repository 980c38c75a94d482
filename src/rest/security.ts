import type { RequestHandler } from "express";
import helmet from "helmet";

/** The pages load nothing from elsewhere and write text only, so the strictest rules hold for them. */
const POLICY = {
  "default-src": ["'self'"],
  "base-uri": ["'none'"],
  "object-src": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'self'"],
  "require-trusted-types-for": ["'script'"],
  "trusted-types": ["'none'"],
};

export function setSecurityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    // For whoever ends TLS in front of us to say: sent from here it would bind the publisher's other hosts.
    strictTransportSecurity: false,
    // What is public is for pages of any origin; what is not needs a token.
    crossOriginResourcePolicy: { policy: "cross-origin" },
  });
}

const READ_METHODS = "GET, HEAD, OPTIONS";
const ALL_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
const READ_HEADERS = "Last-Event-ID, If-None-Match, Content-Type";
const ALL_HEADERS = `${READ_HEADERS}, Authorization, If-Match, Idempotency-Key, X-Request-Id`;
const EXPOSED = "ETag, Retry-After, Location, Idempotent-Replayed, X-Request-Id";
const PREFLIGHT_SECONDS = "600";

/**
 * Which pages may read answers. Without a list: any page may read what is public, and only our own may use the
 * desk. With a list: these pages may do both, others neither.
 */
export function allowOrigins(origins: readonly string[] | undefined): RequestHandler {
  return (request, response, next) => {
    const origin = request.get("Origin");
    if (origins === undefined) {
      response.set({
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
      });
    } else {
      response.vary("Origin");
      if (origin !== undefined && origins.includes(origin)) {
        response.set({
          "Access-Control-Allow-Origin": origin,
          "Access-Control-Expose-Headers": EXPOSED,
        });
      }
    }
    if (request.method !== "OPTIONS" || request.get("Access-Control-Request-Method") === undefined) {
      next();
      return;
    }
    response.set({
      "Access-Control-Allow-Methods": origins === undefined ? READ_METHODS : ALL_METHODS,
      "Access-Control-Allow-Headers": origins === undefined ? READ_HEADERS : ALL_HEADERS,
      "Access-Control-Max-Age": PREFLIGHT_SECONDS,
    });
    response.status(204).end();
  };
}

/** The widget's own files load from any page: which of them may connect is decided where they connect. */
export function allowAnyOrigin(): RequestHandler {
  return (_request, response, next) => {
    response.set("Access-Control-Allow-Origin", "*");
    next();
  };
}
