import { cleanText } from "../../base/mod.ts";
import type { SheetProblem, SheetRow } from "./verdict_sheet.ts";

/** Describe the verdict on a row in one line. */
export function describeRow(row: SheetRow): string {
  const { verdict, measured, reason, required } = row;
  const found = [measured, reason].filter((text) => text !== "").join("; ");
  return cleanText(`${verdict}: ${found === "" ? "nothing measured" : found} (required: ${required})`);
}

/** Describe a problem and its location in one line. */
export function describeProblem(problem: SheetProblem): string {
  const { message, file, line, column, rule } = problem;
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
  return cleanText(`${place === "" ? "" : `${place}: `}${message}${rule === undefined ? "" : ` (${rule})`}`);
}
