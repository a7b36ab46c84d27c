import { failureOfText } from "./_failure_of_text.ts";
import { issueOfRecord, issueOfText } from "./_issue_of_line.ts";
import { parseRecord } from "./log_record.ts";
import type { Issue } from "./issue.ts";

/**
 * Say whether a line of a log is trouble, and which: a structured line by its level, a line of plain text by the words
 * ERROR, TIMEOUT and FAILURE. Every line of the log of failures is one. What an issue quotes of the line is harmless to
 * show: one line each, without keys that have a known form.
 *
 * @param line One line, of JSON or of text
 * @returns The issue, or `null` for a line that is none
 */
export function recognizeIssue(line: string): Issue | null {
  const record = parseRecord(line);
  if (record !== null) return issueOfRecord(record, line);
  if (!/ERROR|TIMEOUT|FAILURE/.test(line)) return null;
  return issueOfText(line, { failure: failureOfText(line), outcome: "line", path: null, message: line });
}
