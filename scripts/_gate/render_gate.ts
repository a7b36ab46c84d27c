import { type Column, createPaint, type RenderOptions, renderTable, wrapText } from "../../lib/cli/mod.ts";
import type { GateReport, GateRow } from "../../lib/gate/mod.ts";
import { notesOf, titleOf } from "./gate_notes.ts";

/** Maximum number of problems shown per condition; more would bury the other conditions. */
const MAX_PROBLEMS = 10;

/** Maximum line length; longer lines are hard to read even on a wide terminal. */
const MAX_LINE = 100;

const INDENT = "  ";

/** Render a table, and below it the problems and the commands that produce missing evidence. */
export function renderGate(report: GateReport, options: RenderOptions): string {
  const paint = createPaint(options);
  const paintVerdict = (text: string, { verdict }: GateRow) => {
    if (verdict === "pass") return paint.green(text);
    return verdict === "fail" ? paint.red(text) : paint.yellow(text);
  };
  // No cell is truncated, because it would lose its bound or count; a narrow terminal wraps the line.
  const minWidth = Infinity;
  const columns: readonly Column<GateRow>[] = [
    { title: "Verdict", value: (row) => row.verdict, minWidth, paint: paintVerdict },
    { title: "Condition", value: (row) => row.id, minWidth },
    { title: "Required", value: (row) => row.required, minWidth },
    { title: "Measured", value: (row) => row.measured === "" ? "–" : row.measured, minWidth },
  ];
  const blocks = report.rows.filter((row) => row.verdict !== "pass")
    .map((row) => renderBlock(row, Math.min(MAX_LINE, options.width)));
  const seconds = report.rows.reduce((sum, row) => sum + row.seconds, 0);
  const lines = [
    renderTable(report.rows, columns, { width: options.width, paintTitle: paint.bold }),
    ...blocks,
    ...notesOf(report).map((note) => `${note}.\n`),
    `${describeWhole(report)}: ${report.verdict.toUpperCase()}, ${describeCounts(report)}, ${seconds.toFixed(1)} s${
      report.isPartial ? `; not the phase: ${report.phaseVerdict === "fail" ? "FAIL" : "OPEN"}` : ""
    }\n`,
  ];
  return lines.join("\n");
}

function describeWhole(report: GateReport): string {
  return report.isPartial ? titleOf(report) : `Phase ${report.phase} (${report.title})`;
}

function renderBlock(row: GateRow, width: number): string {
  const { id, title, verdict, reason, problems, command } = row;
  const [first, ...rest] = `${id} – ${title}: ${verdict}${reason === "" ? "" : `; ${reason}`}`.split("\n")
    .flatMap((line) => wrapText(line, width - INDENT.length));
  const lines = [first!, ...rest.map((line) => INDENT + line)];
  for (const { file, line, column, message, rule } of problems.slice(0, MAX_PROBLEMS)) {
    const place = file === undefined ? "" : `${[file, line, column].filter((part) => part !== undefined).join(":")}: `;
    lines.push(`  ${place}${message.replaceAll("\n", "\n    ")}${rule === undefined ? "" : ` (${rule})`}`);
  }
  if (problems.length > MAX_PROBLEMS) lines.push(`  and ${problems.length - MAX_PROBLEMS} more`);
  if (command !== "") lines.push(`  ${purposeOf(row)}: ${command}`);
  return `${lines.join("\n")}\n`;
}

/** What the command of a row is for: nothing was measured, it has to be measured again, or the failure is shown. */
function purposeOf({ verdict, evidence, count }: GateRow): string {
  if (verdict === "not evaluated") return "to produce it";
  // A report that is not accepted, such as one of other sources, has no numbers.
  const isRefused = evidence !== null && count === null;
  return verdict === "inconclusive" || isRefused ? "to measure it again" : "to reproduce";
}

function describeCounts({ rows }: GateReport): string {
  const verdicts = ["pass", "fail", "inconclusive", "not evaluated"] as const;
  const counts = verdicts.map((one) => ({ one, count: rows.filter(({ verdict }) => verdict === one).length }));
  return counts.filter(({ count }) => count > 0).map(({ count, one }) => `${count} ${one}`).join(", ");
}
