import { ar } from "./ar.ts";
import { az } from "./az.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import type { Words } from "./words.ts";

const LANGUAGES: Readonly<Record<string, Words>> = { en, az, ru, ar };

/** The words of a BCP 47 tag; English when we do not speak the language. */
export function chooseWords(locale: string): Words {
  return LANGUAGES[locale.toLowerCase().split("-")[0] ?? ""] ?? en;
}
