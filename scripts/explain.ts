import { posix } from "node:path";
import { type Env, KitError, shell } from "../lib/base/mod.ts";
import { createPaint, defineCommand, type Paint, wrapText } from "../lib/cli/mod.ts";
import {
  findRunbookPage,
  listRunbookPages,
  PROBLEM_LANGUAGES,
  type ProblemLanguage,
  type RunbookPage,
  suggestRunbookPage,
} from "../lib/problems/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** Every page of the runbook. */
interface RunbookList {
  readonly pages: readonly Omit<RunbookPage, "text">[];
}

/** The `explain` command: prints a page of the runbook. */
export const command = defineCommand({
  name: "explain",
  group: "Operation",
  summary: "Explain an error, an alert or an exit code: what it means, what to check, what to do",
  description:
    "CODE is what the program printed: a class of failure (timeout), an error's code or exit code (unsafe, 4), " +
    "an alert (HighErrorRate), the kind of a line (breaker.open) or an HTTP status (429). Without CODE, all pages of the " +
    "runbook are listed. The pages are part of the program, so no network is needed.",
  args: [{ name: "CODE", summary: "What to explain" }],
  flags: [{
    name: "language",
    type: "choice",
    choices: PROBLEM_LANGUAGES,
    summary: "Language of the page (default: from LC_ALL, LC_MESSAGES or LANG, else en)",
  }],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl explain timeout", summary: "The class of a failure" },
    { command: "civitai-dl explain 4", summary: "An exit code" },
    { command: "civitai-dl explain --language ja HighErrorRate", summary: "An alert, in Japanese" },
  ],
  async run({ args, flags, env }): Promise<RunbookPage | RunbookList> {
    const language = flags.language ?? languageOf(env);
    const [word] = args;
    if (word === undefined) {
      const pages = await listRunbookPages(language);
      return { pages: pages.map(({ page, title, path }) => ({ page, title, path })) };
    }
    const page = await findRunbookPage(word, language);
    if (page !== undefined) return page;
    const near = await suggestRunbookPage(word);
    const isLine = /\s/.test(word.trim());
    throw new KitError("usage", `Cannot explain "${word}": the runbook has no page about it`, {
      hint: isLine
        ? "civitai-dl handle-issue --log-line explains a whole line"
        : near === undefined
        ? "civitai-dl explain lists the pages"
        : `Did you mean "${near}"? civitai-dl explain lists the pages`,
    });
  },
  render(result: RunbookPage | RunbookList, { color, width }) {
    const paint = createPaint({ color });
    if ("text" in result) return renderPage(result, { paint, width });
    const widest = Math.max(...result.pages.map(({ page }) => page.length));
    const rows = result.pages.map(({ page, title }) => {
      return `${paint.cyan(page.padEnd(widest))}  ${title.replace(`${page}: `, "")}`;
    });
    return `${rows.join("\n")}\n\ncivitai-dl explain NAME shows a page\n`;
  },
});

/** Choose the language of the user's locale. */
function languageOf(env: Env): ProblemLanguage {
  const locale = env("LC_ALL") ?? env("LC_MESSAGES") ?? env("LANG") ?? "";
  return PROBLEM_LANGUAGES.find((language) => locale.toLowerCase().startsWith(language)) ?? "en";
}

/**
 * Say where a link leads: to a page that `explain` shows too, to another file of the documents, or to a site. In a
 * terminal, the text alone would lead nowhere.
 */
function renderLink(words: string, target: string, from: string): string {
  const [file = ""] = target.split("#", 1);
  if (/^https?:/.test(target)) return `${words} (${target})`;
  const name = file.replace(/\.md$/, "");
  // A page beside this one; the transcripts are no page of the program.
  if (/^[a-z-]+$/.test(name) && name !== "transcripts") return `${words} (${shell`civitai-dl explain ${name}`})`;
  const path = posix.join(posix.dirname(from), file);
  return words === file ? path : `${words} (${path})`;
}

interface Terminal {
  readonly paint: Paint;
  readonly width: number;
}

/**
 * Render Markdown for a terminal: headings in bold, links with where they lead, code without backticks if it is colored,
 * and tables as lists.
 */
function renderPage({ text, path }: RunbookPage, { paint, width }: Terminal): string {
  const code = (words: string) => paint.cyan(words) === words ? `\`${words}\`` : paint.cyan(words);
  const inline = (line: string) =>
    line
      .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, target: string) => renderLink(words, target, path))
      .replace(/^#+ (.*)$/, (_, heading: string) => paint.bold(heading))
      .replaceAll(/`([^`]+)`/g, (_, words: string) => code(words));
  const lines: string[] = [];
  let titles: readonly string[] | null = null;
  for (const line of text.split("\n")) {
    const cells = readCells(line);
    if (cells === null) lines.push(inline(line));
    else if (titles === null) titles = cells;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) lines.push(...entryOf(cells.map(inline), titles, width));
    if (cells === null) titles = null;
  }
  return `${lines.join("\n").trimEnd()}\n\n${paint.dim(path)}\n`;
}

/** Read the cells of a row of a Markdown table; `null` if the line is none. */
function readCells(line: string): readonly string[] | null {
  if (!line.startsWith("|")) return null;
  return line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Render a row as an entry of a list: its first cell, and below it the others, each after the title of its column. */
function entryOf(cells: readonly string[], titles: readonly string[], width: number): readonly string[] {
  const [first = "", ...rest] = cells;
  const below = rest.flatMap((cell, index) => {
    if (cell === "") return [];
    const [head = "", ...more] = wrapText(`${titles[index + 1]}: ${cell}`, width - 6);
    return [`  ${head}`, ...more.map((line) => `    ${line}`)];
  });
  return [`- ${first}`, ...below];
}

if (import.meta.main) await runScript(command);
