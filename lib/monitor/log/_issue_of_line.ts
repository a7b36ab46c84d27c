import type { FailureClass } from "../../failsafe/mod.ts";
import { failureOfText } from "./_failure_of_text.ts";
import { FAILURE_REMEDIES } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";
import { type LogRecord, quote, textOf } from "./log_record.ts";

/** Levels that make a structured line an issue. */
const LEVELS: ReadonlySet<string> = new Set(["ERROR", "CRITICAL", "FATAL"]);
const MAX_MESSAGE = 500;
const MAX_PATH = 1000;
const MAX_OUTCOME = 40;

/**
 * Create an issue from a structured line whose level is an error. Every line of the failure log is an issue.
 *
 * @param record The parsed line
 * @param line The line as text, used as the message if the record contains none
 * @returns The issue; `null` if the line is not one
 */
export function issueOfRecord(record: LogRecord, line: string): Issue | null {
  if (isFailureEntry(record)) return issueOf(asEvent(record), line);
  return LEVELS.has(textOf(record.level)?.toUpperCase() ?? "") ? issueOf(record, line) : null;
}

/**
 * Create an issue from a line of text.
 *
 * @param line The line; the issue takes its time from it
 * @param recognized What was recognized in the line
 * @returns The issue
 */
export function issueOfText(
  line: string,
  recognized: Pick<Issue, "failure" | "outcome" | "path" | "message">,
): Issue {
  const { failure, outcome, path, message } = recognized;
  return {
    kind: `${failure}:${outcome}`,
    failure,
    outcome,
    time: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/.exec(line)?.[0] ?? null,
    path: path === null ? null : quote(path, MAX_PATH),
    message: quoteMessage(message),
  };
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
  const failure = typeof record.failure === "string" && Object.hasOwn(FAILURE_REMEDIES, record.failure)
    ? record.failure as FailureClass
    : failureOfText(textOf(record.message) ?? "");
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
    message: quoteMessage(textOf(record.message) ?? line),
  };
}
