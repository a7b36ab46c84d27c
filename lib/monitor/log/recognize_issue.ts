import { type FailureClass, isFailureClass } from "../../failsafe/mod.ts";
import { problemOfText } from "../../problems/mod.ts";
import type { Issue } from "./issue.ts";
import { type LogRecord, parseRecord, quote, textOf } from "./log_record.ts";

/** Levels that make a structured line an issue. */
const LEVELS: ReadonlySet<string> = new Set(["ERROR", "CRITICAL", "FATAL"]);
const MAX_MESSAGE = 500;
const MAX_PATH = 1000;
const MAX_OUTCOME = 40;

/**
 * Decide whether a log line is an issue: a structured line by its level, a line of plain text by the words ERROR,
 * TIMEOUT and FAILURE. Every line of the failure log is an issue. The text that an issue quotes is safe to display:
 * single lines, with keys of a known form redacted.
 *
 * @param record The line, parsed
 * @returns The issue, or `null` if the line is not one
 */
export function recognizeIssue(line: string, record: LogRecord | null = parseRecord(line)): Issue | null {
  if (record === null) return /ERROR|TIMEOUT|FAILURE/.test(line) ? issueOfText(line) : null;
  if (isFailureEntry(record)) return issueOf(asEvent(record), line);
  return LEVELS.has(textOf(record.level)?.toUpperCase() ?? "") ? issueOf(record, line) : null;
}

/** Make a message safe to display: one line of at most 500 characters, with keys of a known form redacted. */
export function quoteMessage(text: string): string {
  return quote(text, MAX_MESSAGE);
}

function isFailureEntry(record: LogRecord): boolean {
  return record.level === undefined && typeof record.error_type === "string";
}

/** Rename the fields of a failure log entry, which are named as in the specification, to those of events. */
function asEvent(record: LogRecord): LogRecord {
  const { timestamp: time, error_message: message, class: failure, refused_by: refusedBy } = record;
  return { type: "failure", time, message, failure, refusedBy };
}

function issueOf(record: LogRecord, line: string): Issue {
  const message = textOf(record.message) ?? "";
  const named = textOf(record.failure) ?? "";
  const failure = isFailureClass(named) ? named : failureOfText(message);
  const outcome = quote(textOf(record.outcome) ?? textOf(record.type) ?? "event", MAX_OUTCOME);
  const time = textOf(record.time);
  const item = typeof record.item === "object" && record.item !== null ? record.item as Record<string, unknown> : {};
  const path = textOf(item.path) ?? textOf(record.path);
  const refusedBy = textOf(record.refusedBy);
  return {
    kind: `${failure}:${outcome}`,
    failure,
    outcome,
    time: time === null ? null : quote(time, MAX_OUTCOME),
    path: path === null ? null : quote(path, MAX_PATH),
    ...(refusedBy === null ? {} : { refusedBy: quote(refusedBy, MAX_PATH) }),
    message: quoteMessage(message === "" ? line : message),
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
    message: quoteMessage(line),
  };
}

/** The class of failure that a text of another program is about. */
function failureOfText(text: string): FailureClass {
  const problem = problemOfText(text) ?? "unknown";
  if (problem === "proxy-login") return "rejected";
  return isFailureClass(problem) ? problem : "unknown";
}
