import type { Env } from "../../lib/base/mod.ts";
import { PROBLEM_LANGUAGES, type ProblemLanguage } from "../../lib/problems/mod.ts";

/** The flag that chooses the language of explanations. */
export const LANGUAGE_FLAG = {
  name: "language",
  type: "choice",
  choices: PROBLEM_LANGUAGES,
  summary: "Language of explanations (default: from LC_ALL, LC_MESSAGES or LANG, else en)",
} as const;

/** Choose the language of the user's locale, unless a flag chooses one. */
export function chooseLanguage(flag: ProblemLanguage | undefined, env: Env): ProblemLanguage {
  if (flag !== undefined) return flag;
  const locale = env("LC_ALL") ?? env("LC_MESSAGES") ?? env("LANG") ?? "";
  return PROBLEM_LANGUAGES.find((language) => locale.toLowerCase().startsWith(language)) ?? "en";
}
