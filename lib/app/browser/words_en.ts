import { statusEnglish } from "../../status/mod.ts";
import { english } from "./messages/en.ts";
import type { Words } from "./words.ts";

/** The words in English. */
export const words: Words = { page: english, status: statusEnglish };
