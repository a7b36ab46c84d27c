import { renderJunit } from "../render_junit.ts";
import { describeProblem, describeRow } from "./_sheet_words.ts";
import type { SheetRow, VerdictSheet } from "./verdict_sheet.ts";

/**
 * Render verdicts as a JUnit report: a `<failure>` for each condition that failed, an `<error>` for each that could not
 * be judged. A condition that does not affect the verdict is skipped unless it passed.
 *
 * @param sheet The verdicts
 * @returns XML that ends with a line break
 */
export function renderSheetJunit(sheet: VerdictSheet): string {
  const { title, at, rows } = sheet;
  return renderJunit({
    name: title,
    at,
    cases: rows.map((row) => ({
      name: `${row.id}: ${row.title}`,
      group: title,
      seconds: row.seconds,
      outcome: outcomeOf(row),
      message: describeRow(row),
      details: [...row.problems.map(describeProblem), row.command === "" ? "" : `Run: ${row.command}`].join("\n")
        .trim(),
    })),
  });
}

function outcomeOf(row: SheetRow): "pass" | "failure" | "error" | "skipped" {
  if (row.verdict === "pass") return "pass";
  if (row.level !== "error") return "skipped";
  return row.verdict === "fail" ? "failure" : "error";
}
