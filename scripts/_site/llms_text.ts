import { proseLines } from "../../checks/mod.ts";
import type { SiteEdition, SitePage } from "./list_pages.ts";

/**
 * Write llms.txt: all pages as Markdown, each with a sentence about it.
 *
 * @param base Address of the site, ending with a slash
 */
export function renderLlmsText(editions: readonly SiteEdition[], base: string): string {
  const [english] = editions;
  const blocks = [`# civitai-dl`, `> ${leadOf(english!.home)}`];
  for (const { language, home, groups } of editions) {
    const translated = language === "en" ? "" : ` (${language})`;
    blocks.push(`## civitai-dl${translated}`, entry(home, base));
    for (const { title, pages } of groups) {
      const written = pages.filter((page) => page.written === language);
      if (written.length > 0) {
        blocks.push(
          `## ${title}${translated}`,
          written.map((one) => entry(one, base)).join("\n"),
        );
      }
    }
  }
  return `${blocks.join("\n\n")}\n`;
}

function entry(page: SitePage, base: string): string {
  const lead = leadOf(page);
  return `- [${page.title}](${base}${page.path})${lead === "" ? "" : `: ${lead}`}`;
}

/** Return the first sentence of a page, without Markdown. */
export function leadOf({ text }: Pick<SitePage, "text">): string {
  const paragraph: string[] = [];
  let isAfterTitle = false;
  for (const { line, isProse } of proseLines(text)) {
    if (/^#\s/.test(line)) isAfterTitle = true;
    else if (isAfterTitle && isProse && /^[^\s#|<>![-]/.test(line)) paragraph.push(line.trim());
    else if (paragraph.length > 0) break;
  }
  const plain = paragraph.join(" ").replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
  return /^.+?(?:[.:](?=\s|$)|。)/u.exec(plain)?.[0].replace(/:$/, ".") ?? plain;
}

/**
 * Write llms-full.txt: all English pages in one file.
 *
 * @param twins Markdown of each page by its path in the site
 */
export function renderLlmsFull({ home, groups }: SiteEdition, twins: ReadonlyMap<string, string>): string {
  const pages = [home, ...groups.flatMap((group) => group.pages)];
  return pages.map(({ path }) => `<!-- ${path} -->\n\n${twins.get(path)}`).join("\n");
}
