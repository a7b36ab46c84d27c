import { failureOfText } from "./_failure_of_text.ts";
import { issueOfRecord, issueOfText } from "./_issue_of_line.ts";
import { parseRecord } from "./log_record.ts";
import type { Issue } from "./issue.ts";

/**
 * Decide whether a log line is an issue: a structured line by its level, a line of plain text by the words ERROR,
 * TIMEOUT and FAILURE. Every line of the failure log is an issue. The text that an issue quotes is safe to display:
 * single lines, with keys of a known form redacted.
 *
 * @param line One line, of JSON or of text
 * @returns The issue, or `null` if the line is not one
 */
export function recognizeIssue(line: string): Issue | null {
  const record = parseRecord(line);
  if (record !== null) return issueOfRecord(record, line);
  if (!/ERROR|TIMEOUT|FAILURE/.test(line)) return null;
  return issueOfText(line, { failure: failureOfText(line), outcome: "line", path: null, message: line });
}
