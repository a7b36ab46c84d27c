import { posix } from "node:path";
import {
  listHeadings,
  plainHeading,
  SITE_LANGUAGES,
  type SiteGroup,
  type SiteLanguage,
  translationPath,
} from "../../checks/mod.ts";

/** A page of the documentation site. */
export interface SitePage {
  /** File in the checkout, such as `docs/guide/creator.md`. */
  readonly source: string;
  /** Path in the site, such as `ja/guide/creator.md`. */
  readonly path: string;
  readonly language: SiteLanguage;
  /** Language of the text: English if the page has not been translated. */
  readonly written: SiteLanguage;
  /** Markdown of the source. */
  readonly text: string;
  /** The first heading. */
  readonly title: string;
}

/** The pages of a group of the navigation in one language. */
export interface PageGroup {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

/** The pages of one language: the home page, and the others in groups. */
export interface SiteEdition {
  readonly language: SiteLanguage;
  readonly home: SitePage;
  readonly groups: readonly PageGroup[];
}

/**
 * Read the pages of the site in every language. A page without a translation appears in English.
 *
 * @param read Reads a file of the checkout; `undefined` if it does not exist
 * @returns One edition for each language
 */
export async function listPages(
  groups: readonly SiteGroup[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly SiteEdition[]> {
  const editions: SiteEdition[] = [];
  for (const language of SITE_LANGUAGES) {
    const load = (page: string) => loadPage(page, language, read);
    editions.push({
      language,
      home: await load("../README.md"),
      groups: await Promise.all(groups.map(async ({ title, pages }) => ({
        title: title[language],
        pages: await Promise.all(pages.map(load)),
      }))),
    });
  }
  return editions;
}

async function loadPage(
  page: string,
  language: SiteLanguage,
  read: (path: string) => Promise<string | undefined>,
): Promise<SitePage> {
  const english = posix.normalize(`docs/${page}`);
  const own = translationPath(english, language);
  const translated = await read(own);
  const text = translated ?? await read(english);
  if (text === undefined) throw new Deno.errors.NotFound(`There is no page "${english}"`);
  const title = listHeadings(text)[0]?.text ?? posix.basename(english, ".md");
  return {
    source: translated === undefined ? english : own,
    path: sitePath(english, language),
    language,
    written: translated === undefined ? "en" : language,
    text,
    title: plainHeading(title),
  };
}

/** Return the path in the site of an English page in one of the languages. */
function sitePath(english: string, language: SiteLanguage): string {
  const path = english.replace(/^docs\//, "").replace(/(^|\/)README\.md$/, "$1index.md");
  return language === "en" ? path : `${language}/${path}`;
}
