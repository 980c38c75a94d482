import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { ROLES, type Role } from "../contract/rest.ts";
import type { Edition } from "./keys.ts";
import { appendMessage } from "./message.ts";

/** Who a token stands for. */
export interface Identity {
  id: string;
  name: string;
  role: Role;
}

export interface TokenEntry extends Identity {
  createdAt: string;
}

/** The secret has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess. */
const storedToken = z.object({
  name: z.string(),
  role: z.enum(ROLES),
  hash: z.string(),
  createdAt: z.string(),
});
type StoredToken = z.infer<typeof storedToken>;

const TOKEN = /^nl_([a-z0-9]{4,32})_([A-Za-z0-9_-]{43})$/;

export function newTokenText(): string {
  return `nl_${randomBytes(6).toString("hex")}_${randomBytes(32).toString("base64url")}`;
}

/** The parts of a token's text; undefined when it has not the form of one. */
export function parseTokenText(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in a time that does not tell how much was right. */
export function isSameSecret(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), "hex"), Buffer.from(hash, "hex"));
}

export async function readToken(edition: Edition, id: string): Promise<StoredToken | undefined> {
  const json = await edition.redis.hget(edition.keys.tokens, id);
  return json === null ? undefined : storedToken.parse(JSON.parse(json));
}

export async function listTokens(edition: Edition): Promise<TokenEntry[]> {
  const stored = await edition.redis.hgetall(edition.keys.tokens);
  return Object.entries(stored)
    .map(([id, json]) => {
      const { name, role, createdAt } = storedToken.parse(JSON.parse(json));
      return { id, name, role, createdAt };
    })
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** Stores the token that `text` is; false when its id is taken. The text itself is kept nowhere. */
export async function storeToken(
  edition: Edition,
  text: string,
  token: { name: string; role: Role },
): Promise<TokenEntry | undefined> {
  const parts = parseTokenText(text);
  if (parts === undefined) throw new Error("not the text of a token");
  const createdAt = new Date().toISOString();
  const stored: StoredToken = { ...token, hash: hashSecret(parts.secret), createdAt };
  const added = await edition.redis.hsetnx(edition.keys.tokens, parts.id, JSON.stringify(stored));
  return added === 0 ? undefined : { id: parts.id, ...token, createdAt };
}

export async function createToken(
  edition: Edition,
  token: { name: string; role: Role },
): Promise<{ token: string; entry: TokenEntry }> {
  const text = newTokenText();
  const entry = await storeToken(edition, text, token);
  if (entry === undefined) throw new Error("two tokens were given the same random id");
  return { token: text, entry };
}

/** Every gateway hears of it and ends the token's sockets. */
export async function revokeToken(edition: Edition, id: string): Promise<void> {
  const removed = await edition.redis.hdel(edition.keys.tokens, id);
  if (removed === 0) throw new NewsLineError("unknown_token");
  await appendMessage(edition, { type: "token-revoked", id });
}
