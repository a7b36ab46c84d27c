import { posix } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { proseLines, type RelativeLink, replaceLinks } from "./markdown.ts";
import type { PageText, PageTexts } from "./page_texts.ts";
import { translationPath } from "./translation_path.ts";

/** Options of {@linkcode translatePage}. */
export interface TranslatePageOptions {
  /** Path of the English page, such as `docs/settings.md`; the translation is at the same path in docs/ja/. */
  readonly page: string;
  /**
   * All pages of the documentation: a link leads to the Japanese one if there is one.
   *
   * @default {[]}
   */
  readonly pages?: readonly string[];
  /**
   * Names that stay as they are, such as those of commands.
   *
   * @default {[]}
   */
  readonly names?: readonly string[];
  /**
   * Texts of another page, for what this one repeats.
   *
   * @default {undefined}
   */
  readonly shared?: PageTexts | undefined;
}

/**
 * Translate a generated page into Japanese: headings, paragraphs, items of lists and cells of tables are each replaced
 * by their text. What has nothing but code, flags, numbers and names stays, and so do code blocks. Cells of values and
 * notes consist of set phrases, such as "default {}", where {} stands for values.
 *
 * @throws {KitError} `failed` if a text is missing, or if one is not in the page
 */
export function translatePage(markdown: string, texts: PageTexts, options: TranslatePageOptions): string {
  const { page, pages = [], names = [], shared } = options;
  const dictionary = indexTexts([...texts.entries, ...shared?.entries ?? []], names);
  const translated = readBlocks(markdown).map((block) => translateBlock(block, dictionary)).join("\n");
  const problems = [
    ...[...dictionary.missing].map((text) => `there is no Japanese text for "${text}"`),
    ...texts.entries.filter((entry) => !dictionary.used.has(entry)).map(({ en }) => `"${en}" is not in the page`),
  ];
  if (problems.length > 0) {
    throw new KitError("failed", `Cannot translate "${page}": ${problems.join("; ")}`, {
      hint: `Add or remove them in ${texts.file}`,
    });
  }
  return replaceLinks(translated, (link) => japaneseTarget(link, page, pages));
}

/** A line that stays, a row of a table, or a text with what stands before it: the mark of a heading or an item. */
type Block =
  | { readonly type: "kept"; readonly line: string }
  | { readonly type: "row"; readonly head: readonly string[]; readonly cells: readonly string[] }
  | { readonly type: "text"; readonly mark: string; readonly text: string };

function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const { line, isProse } of proseLines(markdown)) {
    const last = blocks.at(-1);
    const [, mark = "", text = ""] = /^(\s*(?:(?:[-*+]|\d+[.)]|#{1,6})\s+)?)(.*)$/.exec(line)!;
    if (!isProse || text === "") blocks.push({ type: "kept", line });
    else if (text.startsWith("|")) {
      const cells = cellsOf(text);
      blocks.push({ type: "row", head: last?.type === "row" ? last.head : cells, cells });
    } else if (mark.trim() === "" && last?.type === "text" && !last.mark.includes("#")) {
      blocks[blocks.length - 1] = { ...last, text: `${last.text} ${text}` };
    } else blocks.push({ type: "text", mark, text });
  }
  return blocks;
}

function cellsOf(row: string): readonly string[] {
  return row.trim().replaceAll(/^\||\|$/g, "").split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** Columns whose cells consist of set phrases, with semicolons between them. */
const PHRASE_COLUMNS: ReadonlySet<string> = new Set(["notes", "value", "commands"]);

function translateBlock(block: Block, dictionary: Dictionary): string {
  switch (block.type) {
    case "kept":
      return block.line;
    case "text":
      return block.mark + translate(block.text, dictionary);
    case "row": {
      const cells = block.cells.map((cell, column) => translateCell(cell, block.head[column], dictionary));
      return `|${cells.map((cell) => cell === "" ? "" : ` ${cell}`).join(" |")} |`;
    }
  }
}

function translateCell(cell: string, head: string | undefined, dictionary: Dictionary): string {
  // The line below the head is as wide as the column of the English page.
  if (/^:?-{3,}:?$/.test(cell)) return cell.replace(/-+/, "---");
  const translated = PHRASE_COLUMNS.has(head ?? "")
    ? cell.split("; ").map((phrase) => translate(phrase, dictionary, dictionary.phrases)).join("; ")
    : translate(cell, dictionary);
  return translated.replaceAll("|", "\\|");
}

/** A text with placeholders. */
interface Phrase {
  readonly entry: PageText;
  readonly pattern: RegExp;
}

/** The texts of a page, and which of them it has used or lacks. */
interface Dictionary {
  readonly texts: ReadonlyMap<string, PageText>;
  readonly phrases: readonly Phrase[];
  readonly names: ReadonlySet<string>;
  readonly used: Set<PageText>;
  readonly missing: Set<string>;
}

function indexTexts(entries: readonly PageText[], names: readonly string[]): Dictionary {
  // The phrase with most words of its own fits best: "from {} to {}" before "from {}".
  const phrases = entries.filter(({ en }) => en.includes("{}"))
    .toSorted((one, other) => ownLength(other) - ownLength(one))
    .map((entry) => ({ entry, pattern: patternOf(entry.en) }));
  // Of two texts for the same, the first counts.
  const texts = new Map(entries.toReversed().map((entry) => [entry.en, entry]));
  return { texts, phrases, names: new Set(names), used: new Set(), missing: new Set() };
}

function ownLength({ en }: PageText): number {
  return en.replaceAll("{}", "").length;
}

/** Values, not a sentence: quoted texts, code, words, and names of several capitalized words. */
const VALUE = '(?:"[^"]*"|`[^`]*`|[^\\s,]+(?: [A-Z][^\\s,]*)*)';

function patternOf(phrase: string): RegExp {
  return new RegExp(`^${phrase.split("{}").map(RegExp.escape).join(`(${VALUE}(?:, ${VALUE})*?)`)}$`);
}

function translate(written: string, dictionary: Dictionary, phrases: readonly Phrase[] = []): string {
  const text = written.trim().replaceAll(/\s+/g, " ");
  const exact = dictionary.texts.get(text);
  if (exact !== undefined) {
    dictionary.used.add(exact);
    return exact.ja;
  }
  if (isNeutral(text, dictionary.names)) return text;
  for (const { entry, pattern } of phrases) {
    const values = pattern.exec(text)?.slice(1);
    if (values === undefined) continue;
    dictionary.used.add(entry);
    return entry.ja.replaceAll("{}", () => values.shift()!);
  }
  dictionary.missing.add(text);
  return text;
}

/** Whether a text has nothing but code, flags, numbers and names. */
function isNeutral(text: string, names: ReadonlySet<string>): boolean {
  return text.replaceAll(/`[^`]*`/g, " ").split(/[\s,]+/)
    .every((word) => !/\p{L}/u.test(word) || names.has(word) || /^--?[a-z][a-z-]*$/.test(word));
}

/** Lead a link of the English page from the Japanese one to the Japanese twin, or else to the English page. */
function japaneseTarget({ path, anchor }: RelativeLink, page: string, pages: readonly string[]): string {
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (path === "") return hash;
  const english = posix.join(posix.dirname(page), path);
  const twin = translationPath(english, "ja");
  const target = pages.includes(twin) ? twin : english;
  return posix.relative(posix.dirname(translationPath(page, "ja")), target) + hash;
}
