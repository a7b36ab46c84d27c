import type { SiteLanguage } from "./site_map.ts";

/**
 * Return where the translation of a page is: docs/x.md in docs/ja/x.md, and README.md in README.ja.md.
 *
 * @param english Path of the English page, relative to the root
 * @param language The language; English is the page itself
 */
export function translationPath(english: string, language: SiteLanguage): string {
  if (language === "en") return english;
  return english.startsWith("docs/")
    ? english.replace("docs/", `docs/${language}/`)
    : english.replace(/\.md$/, `.${language}.md`);
}
