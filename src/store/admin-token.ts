import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Edition } from "./keys.ts";
import { listTokens, newTokenText, parseTokenText, storeToken } from "./tokens.ts";

const FILE = "admin-token";

/**
 * A store without an admin token gets one at the first start: hashed in the store, and as text in a file of the
 * data folder that only its owner may read. Gives the file's path when it was written or taken up again now.
 */
export async function ensureAdminToken(edition: Edition, dataDir: string): Promise<string | undefined> {
  const tokens = await listTokens(edition);
  if (tokens.some((token) => token.role === "admin")) return undefined;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE);
  // The file comes first: a token that stood in the store alone could never be used.
  await writeOnce(path, newTokenText());
  await storeToken(edition, await readTokenFile(path), { name: "admin", role: "admin" });
  return path;
}

/** Whole or not at all, and never over one that is there: of two that start at once, both read the same token. */
async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${text}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

async function readTokenFile(path: string): Promise<string> {
  const text = (await readFile(path, "utf8")).trim();
  if (parseTokenText(text) === undefined) {
    throw new Error(`${path} holds no token of News Line; remove it, and the next start writes a new one.`);
  }
  return text;
}
