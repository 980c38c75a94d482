import { readFile } from "node:fs/promises";
import { CallFailed } from "./api.ts";

/** The file system said no: no such file, a folder, no rights. */
export function isFileError(error: unknown): error is Error & { syscall: unknown } {
  return error instanceof Error && "syscall" in error;
}

export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw isFileError(error) ? new CallFailed("unreadable_file", `${error.message}.`) : error;
  }
}

export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readTextFile(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new CallFailed("bad_json", `${file} is not valid JSON.`);
  }
}
