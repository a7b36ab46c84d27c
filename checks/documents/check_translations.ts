import { KitError } from "../../lib/base/mod.ts";
import { listHeadings } from "./markdown.ts";
import { listShellBlocks, listShellCommands } from "./shell_blocks.ts";

/**
 * Check that every Japanese page has its English twin, that both have headings of the same levels in the same order, so
 * that the site finds the heading of a link in both, and that both show the same commands: the same lines in shell
 * blocks, and the same `civitai-dl …` and `deno task …` in the text.
 *
 * @param pages All pages of the documentation
 * @throws {KitError} `failed` if a twin, a heading or a command is missing
 */
export async function checkTranslations(pages: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const page of pages) {
    const english = englishTwin(page);
    if (english === undefined) continue;
    if (!pages.includes(english)) problems.push(`${page} has no ${english}`);
    else {
      const texts = await Promise.all([page, english].map((path) => Deno.readTextFile(path)));
      const [own, other] = texts.map(commandsOf);
      const [levels, otherLevels] = texts.map((text) => listHeadings(text).map(({ level }) => level).join(" "));
      if (levels !== otherLevels) {
        problems.push(`${page} has headings of the levels ${levels}, and ${english} of ${otherLevels}`);
      }
      problems.push(
        ...[...own!].filter((command) => !other!.has(command)).map((command) => `${english} has no "${command}"`),
        ...[...other!].filter((command) => !own!.has(command)).map((command) => `${page} has no "${command}"`),
      );
    }
  }
  if (problems.length > 0) throw new KitError("failed", `Translations differ: ${problems.join("; ")}`);
}

function englishTwin(page: string): string | undefined {
  if (page.startsWith("docs/ja/")) return page.replace("docs/ja/", "docs/");
  return page.endsWith(".ja.md") ? page.replace(/\.ja\.md$/, ".md") : undefined;
}

function commandsOf(text: string): ReadonlySet<string> {
  const blocks = listShellBlocks(text).flatMap(listShellCommands).map(({ words }) => words.join(" "));
  const inline = [...text.matchAll(/`((?:civitai-dl|deno task) [^`]+)`/g)].map(([, code]) =>
    code!.replaceAll(/\s+/g, " ")
  );
  return new Set([...blocks, ...inline].map(withoutText));
}

/** Replace what is translated: words in capitals, what is not ASCII, and quoted texts of several words. */
function withoutText(command: string): string {
  return command.replaceAll(/[^\x20-\x7e]+|\b[A-Z]{2,}\b|(?<=")[a-z]+(?: [a-z]+)+(?=")/g, "…");
}
