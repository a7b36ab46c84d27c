import { posix } from "node:path";
import { listHeadings, type RelativeLink, replaceLinks } from "../../checks/mod.ts";
import type { SitePage } from "./list_pages.ts";

/** Where the sources are shown. */
export const REPOSITORY = "https://github.com/civitai-dl/civitai-dl";

/** Files that the site itself has; links to others lead to the repository. */
export const ASSET = /\.(png|svg|json)$/;

/** What a page becomes. */
export interface StagedPage {
  /** Input of VitePress. */
  readonly html: string;
  /** The page as Markdown, beside it in the site. */
  readonly markdown: string;
}

const UNTRANSLATED = "> このページはまだ日本語に訳されていません。英語版を表示しています。";

/** Prepare a page for the site. Links lead to other pages and files of the site, or to the source in the repository. */
export function stagePage(page: SitePage, pages: readonly SitePage[]): StagedPage {
  const linked = replaceLinks(page.text, (link) => siteTarget(link, page, pages));
  const lines = linked.split("\n");
  const headings = listHeadings(linked);
  const [first] = headings;
  if (page.written !== page.language && first !== undefined) lines[first.line] += `\n\n${UNTRANSLATED}`;
  const markdown = lines.join("\n");
  // VitePress makes other anchors than GitHub, and links are written for GitHub.
  for (const { line, text, level, anchor } of headings) {
    lines[line] = lines[line]!.replace(`${"#".repeat(level)} ${text}`, (heading) => `${heading} {#${anchor}}`);
  }
  return { html: lines.join("\n"), markdown };
}

function siteTarget({ path, anchor }: RelativeLink, page: SitePage, pages: readonly SitePage[]): string {
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (path === "") return hash;
  const target = posix.join(posix.dirname(page.source), path).replace(/\/$/, "");
  const linked = pages.find(({ source }) => source === target || source === `${target}/README.md`);
  if (linked !== undefined) {
    const shown = pageInLanguage(linked, page, pages);
    return relativeTo(page.path, shown.path) + translateHash(hash, linked, shown);
  }
  if (target.startsWith("docs/") && ASSET.test(target)) {
    return relativeTo(page.path, target.slice("docs/".length)) + hash;
  }
  const kind = /\.\w+$|^LICENSE$/.test(posix.basename(target)) ? "blob" : "tree";
  return `${REPOSITORY}/${kind}/main/${target}${hash}`;
}

/** Return a linked page in the language of the page that links to it, unless the link crosses languages. */
function pageInLanguage(linked: SitePage, page: SitePage, pages: readonly SitePage[]): SitePage {
  const crosses = linked.written !== page.written || page.written !== page.language;
  if (crosses && isTwin(linked, page)) return linked;
  const path = linked.path.replace(/^ja\//, "");
  const same = page.language === "en" ? path : `${page.language}/${path}`;
  return pages.find((one) => one.path === same) ?? linked;
}

/** Return the hash for the same heading in the page that is shown: a translation has it at the same place. */
function translateHash(hash: string, linked: SitePage, shown: SitePage): string {
  if (hash === "" || linked.text === shown.text) return hash;
  const anchor = decodeURIComponent(hash.slice(1));
  const index = listHeadings(linked.text).findIndex((heading) => heading.anchor === anchor);
  const heading = listHeadings(shown.text)[index];
  return heading === undefined ? hash : `#${heading.anchor}`;
}

function isTwin(one: SitePage, other: SitePage): boolean {
  return one.path.replace(/^ja\//, "") === other.path.replace(/^ja\//, "");
}

function relativeTo(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}
