import type { Bilingual } from "../../base/mod.ts";
import { sentenceInJapanese } from "../page/sentences_ja.js";

/**
 * Say a sentence that state files, logs and rules keep in English, as the live page does: the reason of a mode or a
 * breaker, the summary or the remedy of a shipped alert rule.
 *
 * @param sentence The sentence
 * @returns It in each language; one of somebody else stays as it is
 */
export function saySentence(sentence: string): Bilingual {
  return { en: sentence, ja: sentenceInJapanese(sentence) ?? sentence };
}
