import { mkdir, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What the kernel's address structure holds, less the closing zero. */
const LONGEST_PATH = process.platform === "darwin" ? 103 : 107;
const NAME = "redis.sock";
const NOTE = "redis.path";

/** For the owner of the data folder: where its Redis listens. */
export async function choosePrivateSocket(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const plain = join(dataDir, NAME);
  if (Buffer.byteLength(plain) <= LONGEST_PATH) return plain;
  const noted = await findPrivateSocket(dataDir);
  if (noted !== plain && (await isOurs(dirname(noted)))) return noted;
  // A random name, since in a folder that all may write to a known one can be taken by somebody else first.
  const path = join(await mkdtemp(join(tmpdir(), "newsline-")), NAME);
  await writeFile(join(dataDir, NOTE), path);
  return path;
}

/** For everybody else: where the Redis of this data folder would listen if it ran. */
export async function findPrivateSocket(dataDir: string): Promise<string> {
  const plain = join(dataDir, NAME);
  if (Buffer.byteLength(plain) <= LONGEST_PATH) return plain;
  try {
    return (await readFile(join(dataDir, NOTE), "utf8")).trim();
  } catch {
    return plain;
  }
}

async function isOurs(dir: string): Promise<boolean> {
  try {
    return (await stat(dir)).uid === process.getuid?.();
  } catch {
    return false;
  }
}
