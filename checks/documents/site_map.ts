import * as z from "zod";
import { checkShape, Mistakes, readYaml } from "../../lib/config/mod.ts";

/** File that says which pages the documentation site has, and in what order. */
export const SITE_MAP_FILE = "docs/site.yml";

/** Languages of the documentation; the first is complete. */
export const SITE_LANGUAGES = ["en", "ja"] as const;

/** A language of the documentation. */
export type SiteLanguage = typeof SITE_LANGUAGES[number];

/** A group of pages in the navigation. */
export interface SiteGroup {
  /** Heading in each language. */
  readonly title: Readonly<Record<SiteLanguage, string>>;
  /** English pages in reading order, relative to docs/. */
  readonly pages: readonly string[];
}

const page = z.string().regex(/^(\.\.\/)?[\w./-]+\.md$/, "must be a Markdown file, relative to docs/");
const schema = z.strictObject({
  version: z.literal(1),
  groups: z.array(z.strictObject({
    title: z.strictObject({ en: z.string().min(1), ja: z.string().min(1) }),
    pages: z.array(page).min(1),
  })).min(1),
});

/**
 * Parse the map of the documentation site.
 *
 * @returns The groups in the order of the navigation
 * @throws {ConfigError} With the line and column of each mistake
 */
export function parseSiteMap(text: string): readonly SiteGroup[] {
  const yaml = readYaml(text, { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(SITE_MAP_FILE);
  const map = checkShape(schema, yaml.value, mistakes);
  mistakes.throwIfAny(SITE_MAP_FILE);
  const seen = new Set<string>();
  for (const [at, { pages }] of map!.groups.entries()) {
    for (const [index, one] of pages.entries()) {
      if (seen.has(one)) mistakes.add(["groups", at, "pages", index], `"${one}" is listed twice`);
      seen.add(one);
    }
  }
  mistakes.throwIfAny(SITE_MAP_FILE);
  return map!.groups;
}
