import { createHash, timingSafeEqual } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { NewsLineError } from "../contract/errors.ts";
import { ROLES, type Role } from "../contract/rest.ts";
import type { Edition } from "../store/keys.ts";
import { type Identity, isSameSecret, parseTokenText, readToken } from "../store/tokens.ts";

/** How long a token is believed without asking the store again, should word of its end not have come. */
const CACHE_MS = 30_000;
const MOST_CACHED = 10_000;

/** The token of NEWSLINE_ADMIN_TOKEN; it is in no list and cannot be revoked. */
const FIXED_ADMIN: Identity = { id: "fixed-admin", name: "admin", role: "admin" };

type Known = Identity & { hash: string; untilMs: number };

/** Who calls, and what they may do. */
export class Auth {
  readonly #edition: Edition;
  readonly #fixed: string | undefined;
  readonly #known = new Map<string, Known>();
  /** An answer of the store that was on its way when the token was revoked must not revive it. */
  readonly #revoked = new Set<string>();
  readonly #callers = new WeakMap<Request, Identity>();

  constructor(edition: Edition, fixedAdminToken: string | undefined) {
    this.#edition = edition;
    this.#fixed = fixedAdminToken;
  }

  /** Undefined when it is no token, or one that was revoked. */
  async authenticate(token: string): Promise<Identity | undefined> {
    if (this.#fixed !== undefined && isSameText(token, this.#fixed)) return FIXED_ADMIN;
    const parts = parseTokenText(token);
    if (parts === undefined) return undefined;
    const known = await this.#read(parts.id);
    if (known === undefined || !isSameSecret(parts.secret, known.hash)) return undefined;
    return { id: known.id, name: known.name, role: known.role };
  }

  /** Word has come that the token was revoked. */
  forget(id: string): void {
    this.#revoked.add(id);
    this.#known.delete(id);
  }

  /** Lets nobody through but callers with a token of this role or a higher one. */
  require(role: Role): RequestHandler {
    return async (request, _response, next) => {
      const caller = await this.identify(request);
      if (caller === undefined) throw new NewsLineError("unauthorized");
      if (ROLES.indexOf(caller.role) < ROLES.indexOf(role)) {
        throw new NewsLineError("forbidden", {
          message: `This needs the role ${role}; the token's role is ${caller.role}.`,
        });
      }
      next();
    };
  }

  /** Who calls; undefined without a token. A token that is wrong is refused even where none is needed. */
  async identify(request: Request): Promise<Identity | undefined> {
    const known = this.#callers.get(request);
    if (known !== undefined) return known;
    const header = request.headers.authorization;
    if (header === undefined) return undefined;
    const caller = await this.authenticate(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? "");
    if (caller === undefined) {
      throw new NewsLineError("unauthorized", { message: "The token is not valid, or it has been revoked." });
    }
    this.#callers.set(request, caller);
    return caller;
  }

  /** The caller of a route behind `require`. */
  callerOf(request: Request): Identity {
    const caller = this.#callers.get(request);
    if (caller === undefined) throw new Error("a route without `require` asks for its caller");
    return caller;
  }

  async #read(id: string): Promise<Known | undefined> {
    const now = Date.now();
    const cached = this.#known.get(id);
    if (cached !== undefined && cached.untilMs > now) return cached;
    const stored = await readToken(this.#edition, id);
    this.#known.delete(id);
    if (stored === undefined || this.#revoked.has(id)) return undefined;
    const known = { id, name: stored.name, role: stored.role, hash: stored.hash, untilMs: now + CACHE_MS };
    if (this.#known.size >= MOST_CACHED) this.#known.clear();
    this.#known.set(id, known);
    return known;
  }
}

/** Of hashes, since the comparison wants equal lengths. */
function isSameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
