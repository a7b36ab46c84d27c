import { type Language, LANGUAGES } from "../../lib/base/mod.ts";
import { join } from "node:path";
import { textLiteral } from "./text_literal.ts";

/** Documents of the folders that are no pages: the index, and runs from several troubles to their ends. */
const NO_PAGES: readonly string[] = ["README.md", "transcripts.md"];

/** Folders of the runbook, relative to the root. */
const FOLDERS: Readonly<Record<Language, string>> = { en: "docs/runbook", ja: "docs/ja/runbook" };

/**
 * Write the pages of the runbook as a module, so that the program has them without a file beside it.
 *
 * @param root Folder of the checkout
 * @returns The text of `lib/problems/runbook/_pages.ts`, not formatted
 * @throws {Deno.errors.NotFound} If a page is missing in one of the languages
 */
export async function runbookModule(root: string): Promise<string> {
  const names = new Set<string>();
  for (const folder of Object.values(FOLDERS)) {
    for await (const { name } of Deno.readDir(join(root, folder))) {
      if (name.endsWith(".md") && !NO_PAGES.includes(name)) names.add(name.slice(0, -".md".length));
    }
  }
  const entries = [];
  for (const name of [...names].toSorted()) {
    const texts = await Promise.all(
      LANGUAGES.map(async (language) => {
        const text = await Deno.readTextFile(join(root, FOLDERS[language], `${name}.md`));
        return `    ${language}: ${textLiteral(text)},`;
      }),
    );
    entries.push(`  ${JSON.stringify(name)}: {\n${texts.join("\n")}\n  },`);
  }
  return [
    "// Written by `deno task docs` from docs/runbook and docs/ja/runbook; do not edit.",
    "// deno-fmt-ignore-file",
    "",
    "/** The pages by name, each as Markdown in every language. */",
    "export const PAGES: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = {",
    ...entries,
    "};",
    "",
  ].join("\n");
}
