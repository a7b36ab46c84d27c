import type { SiteLanguage } from "../../checks/mod.ts";
import type { PageGroup, SiteEdition } from "./list_pages.ts";

/** An entry of the navigation, in the form of VitePress. */
export interface NavigationItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly NavigationItem[];
}

/** What site/.vitepress/config.ts needs to know of one language. */
export interface LanguageSettings {
  readonly language: SiteLanguage;
  readonly sidebar: readonly NavigationItem[];
}

/** Return the navigation of every language. */
export function siteSettings(editions: readonly SiteEdition[]): readonly LanguageSettings[] {
  return editions.map(({ language, home, groups }) => ({
    language,
    sidebar: [{ text: home.title, link: linkTo(home.path) }, ...groups.map(groupItem)],
  }));
}

/** A group with many pages is closed until one of them is open. */
const OPEN_PAGES = 12;

function groupItem({ title, pages }: PageGroup): NavigationItem {
  return {
    text: title,
    collapsed: pages.length > OPEN_PAGES,
    items: pages.map((page) => ({ text: page.title, link: linkTo(page.path) })),
  };
}

function linkTo(path: string): string {
  return `/${path.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`;
}
