import type { Bilingual } from "../../base/mod.ts";
import { sentenceInJapanese } from "../page/sentences_ja.js";

/**
 * Say a reason of the failsafe, which state files and logs keep in English, as the live page does.
 *
 * @param reason Why a mode changed or a breaker opened
 * @returns The reason in each language
 */
export function sayReason(reason: string): Bilingual {
  return { en: reason, ja: sentenceInJapanese(reason) ?? reason };
}
