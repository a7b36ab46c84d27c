import { cleanLines } from "../../base/mod.ts";
import { describeRow } from "./_sheet_words.ts";
import type { SheetProblem, SheetRow, VerdictSheet } from "./verdict_sheet.ts";

/** Options of {@linkcode renderSheetSarif}. */
export interface RenderSheetSarifOptions {
  /** Name and version of the program that judged the conditions. */
  readonly tool: { readonly name: string; readonly version: string };
  /** The file that defines the conditions, which is also the location of results without one. */
  readonly file: string;
}

/**
 * Render verdicts as SARIF 2.1.0: a rule for each condition, a result for each problem. A condition that could not be
 * judged gets a result of kind `open`.
 *
 * @param sheet The verdicts
 * @param options The program that judged and the file with the conditions
 * @returns JSON that ends with a line break
 */
export function renderSheetSarif(sheet: VerdictSheet, options: RenderSheetSarifOptions): string {
  const { tool, file } = options;
  const document = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: tool.name,
          version: tool.version,
          semanticVersion: tool.version,
          rules: sheet.rows.map((row) => ({
            id: row.id,
            shortDescription: { text: cleanLines(row.title) },
            help: { text: row.command === "" ? `Required: ${row.required}` : `Run: ${row.command}` },
            defaultConfiguration: { enabled: row.level !== "off", level: row.level === "error" ? "error" : "warning" },
          })),
        },
      },
      invocations: [{ executionSuccessful: true, endTimeUtc: sheet.at }],
      columnKind: "utf16CodeUnits",
      results: sheet.rows.flatMap((row, index) => resultsOf(row, index, file)),
    }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function resultsOf(row: SheetRow, ruleIndex: number, fallback: string): readonly object[] {
  if (row.level === "off") return [];
  const rule = { ruleId: row.id, ruleIndex };
  const whole: SheetProblem = { message: describeRow(row), file: fallback };
  if (row.verdict === "pass") return [{ ...rule, kind: "pass", level: "none", ...placed(whole, fallback) }];
  if (row.verdict !== "fail") return [{ ...rule, kind: "open", level: "none", ...placed(whole, fallback) }];
  const level = row.level === "error" ? "error" : "warning";
  const problems = row.problems.length === 0 ? [whole] : row.problems;
  return problems.map((problem) => ({
    ...rule,
    kind: "fail",
    level,
    ...placed(problem, fallback),
    ...problem.rule === undefined ? {} : { properties: { rule: problem.rule } },
  }));
}

/** Build the message and the location of a result. */
function placed(problem: SheetProblem, fallback: string): object {
  const { message, file = fallback, line, column } = problem;
  const region = line === undefined || line < 1
    ? {}
    : { region: { startLine: line, ...column === undefined || column < 1 ? {} : { startColumn: column } } };
  const artifactLocation = { uri: encodeURI(file.replaceAll("\\", "/").replace(/^\.\//, "")), uriBaseId: "%SRCROOT%" };
  return {
    message: { text: cleanLines(message) },
    locations: [{ physicalLocation: { artifactLocation, ...region } }],
  };
}
