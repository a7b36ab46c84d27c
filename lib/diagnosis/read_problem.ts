import { type FailureClass, isFailureClass, parseTimeoutLine } from "../failsafe/mod.ts";

/** How serious a problem is: an error ended something, after a warning the work went on. */
export type ProblemLevel = "error" | "warning";

/** A problem that a line of a log reports. */
export interface Problem {
  /** How serious it is. */
  readonly level: ProblemLevel;
  /** Class of the failure; `null` if the line does not name it. */
  readonly failure: FailureClass | null;
  /** What happened. */
  readonly message: string;
  /** The host; `null` if the line names none. */
  readonly host: string | null;
}

/** What a line of a log says. */
export interface ReadLine {
  /** Time in milliseconds since the epoch; `null` if the line has none, or one that cannot be read. */
  readonly timeMs: number | null;
  /** Whether the line goes on with the entry of the lines before it, and has their time: it has none of its own. */
  readonly isContinued: boolean;
  /** The problem; `null` for a line that reports none. */
  readonly problem: Problem | null;
  /** Whether the line is JSON that was cut off. */
  readonly isBroken: boolean;
}

const ERROR_WORDS: ReadonlySet<string> = new Set(["error", "fatal", "critical", "panic"]);
const WARNING_WORDS: ReadonlySet<string> = new Set(["warn", "warning"]);

const NOTHING: ReadLine = { timeMs: null, isContinued: true, problem: null, isBroken: false };

/**
 * Read a line of a log: of this program (`download.log`, `failures.jsonl`, `timeouts.log`), or text with a level.
 *
 * @param line One line
 * @returns Its time and the problem that it reports
 */
export function readProblem(line: string): ReadLine {
  if (!line.startsWith("{")) return readText(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A killed process or a full disk leaves half a line.
    return { ...NOTHING, isBroken: true };
  }
  return typeof value === "object" && value !== null ? readRecord(value as Record<string, unknown>, line) : NOTHING;
}

function readRecord(record: Record<string, unknown>, line: string): ReadLine {
  const time = record.time ?? record.timestamp;
  const timeMs = typeof time === "string" ? Date.parse(time) : NaN;
  return {
    timeMs: Number.isNaN(timeMs) ? null : timeMs,
    isContinued: time === undefined,
    problem: problemOf(record, line),
    isBroken: false,
  };
}

function problemOf(record: Record<string, unknown>, line: string): Problem | null {
  if (record.outcome === "timeout" || record.outcome === "ok") return timeoutOf(line);
  if (typeof record.error_type === "string" && record.level === undefined) return failureOf(record);
  const level = levelOf(record.level);
  if (level === null) return null;
  const type = textOf(record.type);
  const message = messageOf(record, type);
  const host = textOf(record.host) ?? (type === "breaker" ? textOf(record.key) : null) ?? hostIn(message);
  return { level, failure: classOf(record.failure), message, host };
}

function failureOf(record: Record<string, unknown>): Problem {
  const message = textOf(record.error_message) ?? textOf(record.error_type)!;
  const host = textOf(record.host) ?? hostIn(message);
  return { level: "error", failure: classOf(record.class), message, host };
}

function timeoutOf(line: string): Problem | null {
  const parsed = parseTimeoutLine(line);
  if (parsed?.outcome !== "timeout") return null;
  const { operation, phase, host, limitMs } = parsed;
  const state = phase === "body" ? "stalled for" : "was not there after";
  return {
    level: "warning",
    failure: phase === "body" ? "stall" : "timeout",
    message: `${operation}: ${PHASES[phase]} ${state} ${limitMs / 1000} s`,
    host,
  };
}

const PHASES = {
  connect: "the connection",
  tls: "the TLS handshake",
  headers: "the answer",
  body: "the body",
} as const;

function messageOf(record: Record<string, unknown>, type: string | null): string {
  if (type === "retry") return `Retry after this failure: ${textOf(record.failure) ?? "unknown"}`;
  if (type === "api-retry") return `Retry to ${textOf(record.what) ?? "call the API"} after ${textOf(record.failure)}`;
  const text = textOfRecord(record);
  // The message of an `end` is complete; other events need their type, such as "restart".
  return type === null || type === "end" || type === "warning" ? text : `${type}: ${text}`;
}

function textOfRecord({ message, reason, error, what, failure }: Record<string, unknown>): string {
  const inner = typeof error === "object" && error !== null ? (error as Record<string, unknown>).message : undefined;
  return textOf(message) ?? textOf(reason) ?? textOf(inner) ??
    [textOf(what), textOf(failure)].filter((word) => word !== null).join(": ");
}

function levelOf(value: unknown): ProblemLevel | null {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  if (ERROR_WORDS.has(word)) return "error";
  return WARNING_WORDS.has(word) ? "warning" : null;
}

function classOf(value: unknown): FailureClass | null {
  return typeof value === "string" && isFailureClass(value) ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
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

function readText(line: string): ReadLine {
  const stamp = STAMP.exec(line);
  const text = stamp === null ? line : line.slice(stamp[0].length);
  return {
    timeMs: stamp === null ? null : stampTime(stamp),
    isContinued: stamp === null && !ANY_TIME.test(line),
    problem: problemOfText(text),
    isBroken: false,
  };
}

/** Without a zone, a time counts as UTC, so that the result does not depend on the machine. */
function stampTime([, date, time, fraction = "0", zone = "Z"]: RegExpExecArray): number | null {
  const timeMs = Date.parse(`${date}T${time}.${fraction.padEnd(3, "0")}${zone}`);
  return Number.isNaN(timeMs) ? null : timeMs;
}

function problemOfText(text: string): Problem | null {
  const found = LEVEL.exec(text);
  const word = found?.[1]?.toLowerCase();
  if (word === undefined && !TROUBLE.test(text) && !CAUTION.test(text)) return null;
  const level = word === undefined ? (CAUTION.test(text) ? "warning" : "error") : levelOf(word);
  if (level === null) return null;
  const message = found === null ? text : text.slice(found[0].length);
  return { level, failure: null, message: message === "" ? text : message, host: hostIn(text) };
}

const HOST =
  /\b(?:from|to|host|of) "((?:[a-z\d-]+\.)+[a-z\d-]+(?::\d+)?|localhost(?::\d+)?)"|https?:\/\/([^\s/"'<>?#@]+)/i;

function hostIn(text: string): string | null {
  // Searching for a fixed text first is far faster.
  if (!text.includes('"') && !text.includes("://")) return null;
  const found = HOST.exec(text);
  return found === null ? null : (found[1] ?? found[2]!).toLowerCase();
}
