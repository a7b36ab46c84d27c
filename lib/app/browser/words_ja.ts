import { statusJapanese } from "../../status/mod.ts";
import { japanese } from "./messages/ja.ts";
import type { Words } from "./words.ts";

/** The words in Japanese. */
export const words: Words = { page: japanese, status: statusJapanese };
