/** Languages of everything that a person reads about how a library is doing. */
export const LANGUAGES = ["en", "ja"] as const;

/** A language of the program. */
export type Language = typeof LANGUAGES[number];

/** The same text in each language, written where its facts are known. */
export type Bilingual = Readonly<Record<Language, string>>;

/** Say something in each language with the same words around it. */
export function inBoth(say: (language: Language) => string): Bilingual {
  return { en: say("en"), ja: say("ja") };
}

/** Use a text that is the same in each language: a path, a figure, the message of another program. */
export function asIs(text: string): Bilingual {
  return { en: text, ja: text };
}
