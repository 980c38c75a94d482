import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

/** The folder with package.json: above `src` when run from source, above `dist` when built. */
export function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error("there is no package.json above the program");
  return findRoot(above);
}

const packageFile = z.object({ version: z.string() });

/** What was installed with this program: its version, and where the build left the screens. */
export function readInstalled(): { version: string; clientDir: string } {
  const root = findRoot(import.meta.dirname);
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return { version, clientDir: join(root, "dist", "client") };
}
