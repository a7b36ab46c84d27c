import { closest, type Language } from "../../base/mod.ts";
import { isProblemId } from "../find_problem.ts";
import { PROBLEMS } from "../problem_table.ts";

/** The pages by name, as Markdown. */
type Pages = Readonly<Record<string, string>>;

/** Loaded when a page is asked for: a download needs the table of problems, and no pages. */
const PAGES: Readonly<Record<Language, () => Promise<Pages>>> = {
  en: () => import("./_pages_en.ts"),
  ja: () => import("./_pages_ja.ts"),
};

/** A page of the runbook. */
export interface RunbookPage {
  /** Name of the page, such as `timeout` or `high-error-rate`. */
  readonly page: string;
  /** Its heading. */
  readonly title: string;
  /** Its text as Markdown, with the heading. */
  readonly text: string;
  /** The file in a checkout, such as `docs/runbook/timeout.md`. */
  readonly path: string;
}

/** The page that is one table, of which only the row of the word is of use. */
const TABLE = "exit-codes";

/** Heading of what to do. */
const TO_DO: Readonly<Record<Language, string>> = { en: "Then", ja: "対処" };

/** Words for pages that have another name: HTTP statuses, system errors, modes. */
const PAGE_OF_WORD: Readonly<Record<string, string>> = {
  paused: "engine-mode",
  mode: "engine-mode",
  enospc: "disk",
  edquot: "disk",
  erofs: "disk",
  eacces: "disk",
  econnrefused: "connection",
  econnreset: "connection",
  enotfound: "dns",
  etimedout: "timeout",
  "401": "login",
  "403": "forbidden",
  "404": "gone",
  "407": "rejected",
  "408": "timeout",
  "429": "throttled",
  "451": "region",
  memory: "high-memory-usage",
  leak: "high-memory-usage",
  rollback: "bad-release",
};

/**
 * Find a page by its name, or by a word that the program prints: a class of failure, a code of an error, an exit code,
 * the name of an alert, an HTTP status or the name of a system error. Case does not matter.
 *
 * @param word The word
 * @param language Language of the page
 * @returns The page; `undefined` if no page explains the word
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findRunbookPage } from "../mod.ts";
 * assertEquals((await findRunbookPage("HighErrorRate"))?.path, "docs/runbook/high-error-rate.md");
 * assertEquals((await findRunbookPage("429", "ja"))?.path, "docs/ja/runbook/throttled.md");
 * ```
 */
export async function findRunbookPage(
  word: string,
  language: Language = "en",
): Promise<RunbookPage | undefined> {
  const pages = await PAGES[language]();
  const name = nameOf(word, pages);
  if (name === undefined) return undefined;
  const page = pageNamed(name, { pages, language });
  const entry = name === TABLE ? tableEntry(page.text, word.trim().toLowerCase(), language) : undefined;
  return entry === undefined ? page : { ...page, ...entry };
}

/**
 * Find the page or word that a misspelled word most likely means.
 *
 * @param word The word
 * @returns The nearest word that {@linkcode findRunbookPage} knows; `undefined` if none is near
 */
export async function suggestRunbookPage(word: string): Promise<string | undefined> {
  return closest(word, [...Object.keys(await PAGES.en()), ...Object.keys(PROBLEMS), ...Object.keys(PAGE_OF_WORD)]);
}

function nameOf(word: string, pages: Pages): string | undefined {
  const lower = word.trim().toLowerCase();
  // HighErrorRate, and the page high-error-rate.
  const kebab = word.trim().replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
  for (const name of [lower, kebab, lower.replaceAll(/\s+/g, "-"), lower.replace(/^error\./, "")]) {
    if (Object.hasOwn(pages, name)) return name;
    if (Object.hasOwn(PAGE_OF_WORD, name)) return PAGE_OF_WORD[name];
    if (isProblemId(name)) return PROBLEMS[name].page ?? name;
  }
  if (/^(?:[0-7]|129|130|143)$/.test(lower)) return "exit-codes";
  if (/^5\d\d$/.test(lower)) return "server";
  return undefined;
}

/** Find the row of a table whose first cells name the word, and write it as a page of its own. */
function tableEntry(
  text: string,
  word: string,
  language: Language,
): Pick<RunbookPage, "title" | "text"> | undefined {
  for (const line of text.split("\n")) {
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
    const names = cells.slice(0, -2).join(" ").replaceAll("`", "").split(/\s+/);
    if (!names.includes(word)) continue;
    const [meaning, remedy] = cells.slice(-2);
    const title = names.join(" ").trim();
    const end = language === "ja" ? "。" : ".";
    return { title, text: `# ${title}\n\n${meaning}${end}\n\n## ${TO_DO[language]}\n\n${remedy}${end}\n` };
  }
  return undefined;
}

function pageNamed(
  name: string,
  { pages, language }: { readonly pages: Pages; readonly language: Language },
): RunbookPage {
  const text = pages[name]!;
  const folder = language === "en" ? "docs/runbook" : `docs/${language}/runbook`;
  return { page: name, title: text.slice(2, text.indexOf("\n")), text, path: `${folder}/${name}.md` };
}
