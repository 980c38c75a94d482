import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NewsLineError } from "./contract/errors.ts";
import { type PresetFile, presetFile } from "./contract/profile.ts";
import { findRoot } from "./installed.ts";

let read: ReadonlyMap<string, PresetFile> | undefined;

/** The presets that came with the program, by name: one data file each, read once. */
export function readPresets(): ReadonlyMap<string, PresetFile> {
  read ??= readFolder(join(findRoot(import.meta.dirname), "presets"));
  return read;
}

function readFolder(folder: string): ReadonlyMap<string, PresetFile> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(
    files.toSorted().map((name) => {
      const json: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
      return [name.slice(0, -".json".length), presetFile.parse(json)];
    }),
  );
}

/** A profile as somebody wrote it, with the fields of the preset that it names; what it says itself wins. */
export function withPreset(written: unknown): unknown {
  if (typeof written !== "object" || written === null || !("preset" in written)) return written;
  const { preset } = written;
  if (typeof preset !== "string") return written;
  const found = readPresets().get(preset);
  if (found !== undefined) return { ...found.profile, ...written };
  const names = [...readPresets().keys()].join(", ");
  throw new NewsLineError("invalid", {
    field: "preset",
    message: `preset: there is no preset ${preset.slice(0, 80)}. There are ${names}.`,
  });
}
