import { type FailureClass, isFailureClass } from "../../failsafe/mod.ts";
import { itemPathOf, type LogLine, problemOfText, quoteText, textOf } from "../../problems/mod.ts";
import type { Issue } from "../issue.ts";

const MAX_MESSAGE = 500;
const MAX_PATH = 1000;
const MAX_OUTCOME = 40;

/**
 * Decide whether a log line is an issue: a structured line by its level, a line of plain text by the words ERROR,
 * TIMEOUT and FAILURE. Every line of the failure log is an issue. The text that an issue quotes is safe to display:
 * single lines, with keys of a known form redacted.
 *
 * @returns The issue, or `null` if the line is not one
 */
export function recognizeIssue(line: LogLine): Issue | null {
  const { text, record, level, message } = line;
  if (record === null) return /ERROR|TIMEOUT|FAILURE/.test(text) ? issueOfText(text) : null;
  if (level !== "error") return null;
  const failure = line.failure ?? failureOfText(message);
  const isFailureEntry = record.level === undefined;
  const outcome = isFailureEntry
    ? "failure"
    : quoteText(textOf(record.outcome) ?? textOf(record.type) ?? "event", MAX_OUTCOME);
  const time = textOf(record.time) ?? textOf(record.timestamp);
  const path = itemPathOf(record) ?? textOf(record.path);
  return {
    kind: `${failure}:${outcome}`,
    failure,
    outcome,
    time: time === null ? null : quoteText(time, MAX_OUTCOME),
    path: path === null ? null : quoteText(path, MAX_PATH),
    message: quoteText(message === "" ? text : message, MAX_MESSAGE),
  };
}

function issueOfText(line: string): Issue {
  const failure = failureOfText(line);
  return {
    kind: `${failure}:line`,
    failure,
    outcome: "line",
    time: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/.exec(line)?.[0] ?? null,
    path: null,
    message: quoteText(line, MAX_MESSAGE),
  };
}

/** The class of failure that a text of another program is about. */
function failureOfText(text: string): FailureClass {
  const problem = problemOfText(text) ?? "unknown";
  if (problem === "proxy-login") return "rejected";
  return isFailureClass(problem) ? problem : "unknown";
}
