import type { Language } from "../base/mod.ts";
import { english, type StatusWords } from "./english.ts";
import { japanese } from "./japanese.ts";

/** All that is said of a status, in a language. */
export function wordsOf(language: Language): StatusWords {
  return language === "ja" ? japanese : english;
}
