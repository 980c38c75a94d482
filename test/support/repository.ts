import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** A path from the root for a file of ours, else the name of a package. */
  to: string;
  isOurs: boolean;
  /** Gone after compilation. */
  isTypeOnly: boolean;
}

/** Paths from the root of all files below the folders. */
export function listFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  );
}

/**
 * What a file imports. Read by pattern, which the formatter makes safe: an import statement begins its line, and
 * its text ends with the name in double quotes.
 */
export function readImports(path: string): Import[] {
  const text = readFileSync(join(root, path), "utf8");
  const statements = text.matchAll(/^(?:import|export)\s(?<what>[^;"]*?\bfrom\s)?"(?<to>[^"]+)"/gm);
  const calls = text.matchAll(/\bimport\((?<what>)\s*"(?<to>[^"]+)"\s*\)/g);
  return [...statements, ...calls].map(({ groups }) => {
    const to = groups?.to ?? "";
    const isOurs = to.startsWith(".");
    return {
      to: isOurs ? join(dirname(path), to) : to,
      isOurs,
      isTypeOnly: groups?.what?.startsWith("type ") ?? false,
    };
  });
}
