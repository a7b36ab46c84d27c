import { type Env, type Language, LANGUAGES } from "../../lib/base/mod.ts";

/** The variables that hold the user's locale, the first that is set counts. */
export const LOCALE_VARIABLES = ["LC_ALL", "LC_MESSAGES", "LANG"] as const;

/** The flag that chooses the language of explanations. */
export const LANGUAGE_FLAG = {
  name: "language",
  setting: "shared",
  type: "choice",
  choices: LANGUAGES,
  summary: "Language of explanations (default: from LC_ALL, LC_MESSAGES or LANG, else en)",
} as const;

/** Value of {@linkcode LANGUAGE_FLAG}. */
export interface LanguageFlags {
  readonly language: Language | undefined;
}

/** The language in which a result is shown; it is no part of the document. */
export const LANGUAGE = Symbol("language");

/** A result that knows in which language it is shown. */
export interface InLanguage {
  readonly [LANGUAGE]: Language;
}

/** Choose the language of the user's locale, unless a flag chooses one. An empty variable counts as absent (POSIX). */
export function chooseLanguage(flag: Language | undefined, env: Env): Language {
  if (flag !== undefined) return flag;
  const locale = LOCALE_VARIABLES.map((variable) => env(variable)).find((value) => value) ?? "";
  return LANGUAGES.find((language) => locale.toLowerCase().startsWith(language)) ?? "en";
}
