import { posix } from "node:path";
import { shell } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions, wrapText } from "../../lib/cli/mod.ts";
import type { RunbookPage } from "../../lib/problems/mod.ts";

/**
 * Say where a link leads: to a page that `doctor` shows too, to another file of the documents, or to a site. In a
 * terminal, the text alone would lead nowhere.
 */
function renderLink(words: string, target: string, from: string): string {
  const [file = ""] = target.split("#", 1);
  if (/^https?:/.test(target)) return `${words} (${target})`;
  const name = file.replace(/\.md$/, "");
  // A page beside this one; the transcripts are no page of the program.
  if (/^[a-z-]+$/.test(name) && name !== "transcripts") return `${words} (${shell`civitai-dl doctor ${name}`})`;
  const path = posix.join(posix.dirname(from), file);
  return words === file ? path : `${words} (${path})`;
}

/**
 * Render a page of the runbook for a terminal: headings in bold, links with where they lead, code without backticks if it
 * is colored, and tables as lists.
 *
 * @param page The page
 * @param options Width and colors
 * @returns The text, with a final newline
 */
export function renderPage({ text, path }: RunbookPage, { color, width }: RenderOptions): string {
  const paint = createPaint({ color });
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
