import { cleanText } from "../../base/mod.ts";
import { escapeMarkdown } from "../_escape_markdown.ts";
import type { SheetProblem, SheetRow, VerdictSheet } from "./verdict_sheet.ts";

/** Maximum number of problems shown per row. */
const MAX_PROBLEMS = 20;

/** Signs that are readable without colors. */
const SIGNS: Readonly<Record<SheetRow["verdict"], string>> = {
  "pass": "✅ pass",
  "fail": "❌ fail",
  "inconclusive": "⚠️ inconclusive",
  "not evaluated": "⬜ not evaluated",
};

/**
 * Render verdicts as Markdown: a table with the commands that produce missing evidence, and below it the problems.
 *
 * @param sheet The verdicts
 * @returns Markdown that ends with a line break
 */
export function renderSheetMarkdown(sheet: VerdictSheet): string {
  const { title, verdict, notes, at, rows } = sheet;
  const lines = [
    `## ${escapeMarkdown(title)}: ${verdict}`,
    "",
    ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    `- ${at}`,
    "",
    "| condition | required | measured | verdict | command |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(renderRow),
    "",
  ];
  for (const row of rows.filter((one) => one.problems.length > 0)) {
    lines.push(
      `### ${row.id}`,
      "",
      ...row.problems.slice(0, MAX_PROBLEMS).map((one) => `- ${escapeMarkdown(describeProblem(one))}`),
    );
    if (row.problems.length > MAX_PROBLEMS) lines.push(`- and ${row.problems.length - MAX_PROBLEMS} more`);
    lines.push("");
  }
  return lines.join("\n");
}

function renderRow(row: SheetRow): string {
  const { id, title, level, verdict, required, measured, reason, command } = row;
  const found = [measured, reason].filter((text) => text !== "").join("; ");
  const name = `\`${id}\` ${escapeMarkdown(title)}${level === "error" ? "" : ` (${level})`}`;
  const run = verdict === "pass" || command === "" ? "" : `\`${command}\``;
  return `| ${name} | ${escapeMarkdown(required)} | ${escapeMarkdown(found)} | ${SIGNS[verdict]} | ${run} |`;
}

/** Describe a problem and its location in one line. */
function describeProblem(problem: SheetProblem): string {
  const { message, file, line, column, rule } = problem;
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
  return cleanText(`${place === "" ? "" : `${place}: `}${message}${rule === undefined ? "" : ` (${rule})`}`);
}
