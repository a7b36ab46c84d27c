import { closest, EXIT_CODES, type Language, STOP_CODES } from "../../base/mod.ts";
import { isProblemId, runbookIn } from "../find_problem.ts";
import { type ProblemId, PROBLEMS } from "../problem_table.ts";

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
  /** The problem that the word names; `null` if it names a page, or something else that a page explains. */
  readonly problem: ProblemId | null;
}

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

/** The problem of each exit code. */
const PROBLEM_OF_EXIT: ReadonlyMap<string, ProblemId> = new Map([
  ...(Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[]).map((code) => [String(EXIT_CODES[code]), code] as const),
  ...STOP_CODES.map((code) => [String(code), "interrupted"] as const),
]);

function problemNamed(word: string): ProblemId | null {
  return isProblemId(word) ? word : PROBLEM_OF_EXIT.get(word) ?? null;
}

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
  const text = pages[name]!;
  const title = text.slice(2, text.indexOf("\n"));
  const path = runbookIn(`docs/runbook/${name}.md`, language);
  return { page: name, title, text, path, problem: problemNamed(word.trim().toLowerCase()) };
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
  const ended = PROBLEM_OF_EXIT.get(lower);
  if (ended !== undefined) return PROBLEMS[ended].page ?? ended;
  if (lower === "0") return "exit-codes";
  if (/^5\d\d$/.test(lower)) return "server";
  return undefined;
}
