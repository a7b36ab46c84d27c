import { cleanText, createRedactor, cutText } from "../base/mod.ts";
import type { FailureClass } from "../failsafe/mod.ts";
import { FAILURE_REMEDIES } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";

/** Levels of a structured line that are trouble. */
const LEVELS: ReadonlySet<string> = new Set(["ERROR", "CRITICAL", "FATAL"]);
const MAX_MESSAGE = 500;
const MAX_PATH = 1000;
const MAX_OUTCOME = 40;
/** A line may be of another program, which wrote a key or a signed address into it. */
const REDACT = createRedactor();

/** What a line of plain text may say of its class; the first that fits. */
const WORDS: readonly (readonly [RegExp, FailureClass])[] = [
  [/\bTIMEOUT\b|timed? ?out/i, "timeout"],
  [/\bstall/i, "stall"],
  [/\bdns\b|lookup|resolve host|name or service not known/i, "dns"],
  [/\btls\b|\bssl\b|certificate|handshake/i, "tls"],
  [/no space left|disk (is )?full|read-only file system|\bENOSPC\b|permission denied/i, "disk"],
  [/sha-?256|checksum|hash mismatch|corrupt/i, "integrity"],
  [/\b429\b|too many requests|rate limit/i, "throttled"],
  [/\b401\b|unauthori[sz]ed/i, "login"],
  [/\b403\b|forbidden/i, "forbidden"],
  [/\b(404|410)\b|not found/i, "gone"],
  [/\b50[0-4]\b|internal server error|bad gateway/i, "server"],
  [/connection|\bECONN|broken pipe|network/i, "connection"],
];

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
  if (record !== null && isFailureEntry(record)) return issueOf(asEvent(record), line);
  if (record !== null) return LEVELS.has(textOf(record.level)?.toUpperCase() ?? "") ? issueOf(record, line) : null;
  if (!/ERROR|TIMEOUT|FAILURE/.test(line)) return null;
  const failure = WORDS.find(([words]) => words.test(line))?.[1] ?? "unknown";
  const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/.exec(line)?.[0] ?? null;
  return { kind: `${failure}:line`, failure, outcome: "line", time, path: null, message: quote(line, MAX_MESSAGE) };
}

type LogRecord = Readonly<Record<string, unknown>>;

function isFailureEntry(record: LogRecord): boolean {
  return record.level === undefined && typeof record.error_type === "string";
}

/** The log of failures has the specification's names. */
function asEvent(record: LogRecord): LogRecord {
  const { timestamp: time, error_message: message, class: failure, refused_by: refusedBy } = record;
  return { type: "failure", time, message, failure, refusedBy };
}

function issueOf(record: LogRecord, line: string): Issue {
  const failure = typeof record.failure === "string" && Object.hasOwn(FAILURE_REMEDIES, record.failure)
    ? record.failure as FailureClass
    : "unknown";
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
    ...refusedBy === null ? {} : { refusedBy: quote(refusedBy, MAX_PATH) },
    message: quote(textOf(record.message) ?? line, MAX_MESSAGE),
  };
}

function parseRecord(line: string): LogRecord | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value as LogRecord : null;
  } catch {
    // Half a line, or no JSON at all: then it is text.
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** So much of a foreign text as is shown; a secret that stands across the cut goes whole. */
function quote(text: string, maxLength: number): string {
  const line = REDACT(cleanText(text));
  return line.length <= maxLength ? line : cutText(line, maxLength + 1);
}
