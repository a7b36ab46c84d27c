import { isRecord } from "../../base/mod.ts";
import { type FailureClass, isFailureClass, readTimeoutRecord } from "../../failsafe/mod.ts";
import { type LogRecord, parseLogRecord, textOf } from "./log_record.ts";

/** How serious a line is: an error ended something, after a warning the work went on. */
export type LineLevel = "error" | "warning";

/** What a line of a log says, whoever wrote it. */
export interface LogLine {
  /** The line, as it stands in the log. */
  readonly text: string;
  /** The line as JSON; `null` for text. */
  readonly record: LogRecord | null;
  /** How serious it is; `null` for a line that reports no problem. */
  readonly level: LineLevel | null;
  /** Class of the failure; `null` if the line does not name it. */
  readonly failure: FailureClass | null;
  /** What happened; empty if the line does not say it. */
  readonly message: string;
  /** The host; `null` if a problem names none, or there is no problem. */
  readonly host: string | null;
  /** Time in milliseconds since the epoch; `null` if the line has none, or one that cannot be read. */
  readonly timeMs: number | null;
  /** Whether the line goes on with the entry of the lines before it, and has their time: it has none of its own. */
  readonly isContinued: boolean;
  /** Whether the line is JSON that was cut off: a killed process or a full disk leaves half a line. */
  readonly isBroken: boolean;
}

const ERROR_WORDS: ReadonlySet<string> = new Set(["error", "fatal", "critical", "panic"]);
const WARNING_WORDS: ReadonlySet<string> = new Set(["warn", "warning"]);

/**
 * Read a line of a log: of this program (`download.log`, `failures.jsonl`, `timeouts.log`), or text with a level. What
 * else is to be known of the line is asked of the result, so that its JSON is parsed once.
 *
 * @param text One line
 * @returns Its record, level, time and message
 */
export function readLine(text: string): LogLine {
  const record = parseLogRecord(text);
  if (record !== null) return readRecord(text, record);
  if (text.startsWith("{")) return { ...NOTHING, text, message: text, isBroken: true };
  return { ...readText(text), text, record: null, isBroken: false };
}

const NOTHING: Omit<LogLine, "text"> = {
  record: null,
  level: null,
  failure: null,
  message: "",
  host: null,
  timeMs: null,
  isContinued: true,
  isBroken: false,
};

function readRecord(text: string, record: LogRecord): LogLine {
  const time = record.time ?? record.timestamp;
  const timeMs = typeof time === "string" ? Date.parse(time) : NaN;
  const said = record.outcome === "timeout" ? sayTimeout(record) : sayRecord(record);
  return {
    ...said,
    text,
    record,
    timeMs: Number.isNaN(timeMs) ? null : timeMs,
    isContinued: time === undefined,
    isBroken: false,
  };
}

type Said = Pick<LogLine, "level" | "failure" | "message" | "host">;

function sayRecord(record: LogRecord): Said {
  // An entry of the failure log, whose fields are named as in the specification, is an error without a level.
  const isFailure = record.level === undefined && typeof record.error_type === "string";
  const level = isFailure ? "error" : levelOf(record.level);
  const named = isFailure ? record.class : record.failure;
  const failure = typeof named === "string" && isFailureClass(named) ? named : null;
  const message = messageOfRecord(record);
  if (level === null) return { level, failure, message, host: null };
  const host = textOf(record.host) ?? (record.type === "breaker" ? textOf(record.key) : null) ?? hostIn(message);
  return { level, failure, message, host };
}

function sayTimeout(record: LogRecord): Said {
  const parsed = readTimeoutRecord(record);
  if (parsed?.outcome !== "timeout") return { level: null, failure: null, message: "", host: null };
  const { operation, step, host, limitMs } = parsed;
  const state = step === "body" ? "stalled for" : "was not there after";
  return {
    level: "warning",
    failure: step === "body" ? "stall" : "timeout",
    message: `${operation}: ${STEPS[step]} ${state} ${limitMs / 1000} s`,
    host,
  };
}

const STEPS = {
  connect: "the connection",
  tls: "the TLS handshake",
  headers: "the answer",
  body: "the body",
} as const;

function messageOfRecord(record: LogRecord): string {
  const { type, message, reason, error, error_message: failed } = record;
  const inner = isRecord(error) ? error.message : undefined;
  return textOf(message) ?? textOf(reason) ?? textOf(inner) ?? textOf(failed) ?? sayRetry(record) ?? textOf(type) ?? "";
}

/** A retry has no message of its own. */
function sayRetry({ type, what, failure }: LogRecord): string | null {
  if (type === "retry") return `Retry after this failure: ${textOf(failure) ?? "unknown"}`;
  return type === "api-retry" ? `Retry to ${textOf(what) ?? "call the API"} after ${textOf(failure)}` : null;
}

function levelOf(value: unknown): LineLevel | null {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  if (ERROR_WORDS.has(word)) return "error";
  return WARNING_WORDS.has(word) ? "warning" : null;
}

/** A time at the start of a line, perhaps in brackets. */
const STAMP = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*)?(Z|[+-]\d\d:?\d\d)?\]?[\s:|-]*/;
/** A time of any form near the start of a line. */
const ANY_TIME = /^.{0,40}?\b\d?\d:\d\d:\d\d\b/;
/** The level of a line, in one of the usual places: after the time, perhaps in brackets. */
const LEVEL = /^(?:\S+ ){0,2}?[[(<]?(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|PANIC)\b[\])>:]*\s*/;
const TROUBLE =
  /\b(?:errors?|fail(?:ed|s|ure)?|fatal|critical|exception|panic|timed? ?out|timeouts?|refused|denied|cannot|could not|unreachable|stalled)\b/i;
const CAUTION = /^(?:warning|warn|note)\b/i;

function readText(line: string): Omit<LogLine, "text" | "record" | "isBroken"> {
  const stamp = STAMP.exec(line);
  return {
    ...sayText(stamp === null ? line : line.slice(stamp[0].length)),
    timeMs: stamp === null ? null : stampTime(stamp),
    isContinued: stamp === null && !ANY_TIME.test(line),
  };
}

/** Without a zone, a time counts as UTC, so that the result does not depend on the machine. */
function stampTime([, date, time, fraction = "0", zone = "Z"]: RegExpExecArray): number | null {
  const timeMs = Date.parse(`${date}T${time}.${fraction.padEnd(3, "0")}${zone}`);
  return Number.isNaN(timeMs) ? null : timeMs;
}

function sayText(text: string): Said {
  const found = LEVEL.exec(text);
  const word = found?.[1];
  const level = word === undefined ? levelOfWords(text) : levelOf(word);
  const rest = found === null ? "" : text.slice(found[0].length);
  const message = rest === "" ? text : rest;
  return { level, failure: null, message, host: level === null ? null : hostIn(text) };
}

function levelOfWords(text: string): LineLevel | null {
  if (CAUTION.test(text)) return "warning";
  return TROUBLE.test(text) ? "error" : null;
}

const HOST =
  /\b(?:from|to|host|of) "((?:[a-z\d-]+\.)+[a-z\d-]+(?::\d+)?|localhost(?::\d+)?)"|https?:\/\/([^\s/"'<>?#@]+)/i;

function hostIn(text: string): string | null {
  // Searching for a fixed text first is far faster.
  if (!text.includes('"') && !text.includes("://")) return null;
  const found = HOST.exec(text);
  return found === null ? null : (found[1] ?? found[2]!).toLowerCase();
}
