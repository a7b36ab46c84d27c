import { isRecord } from "../../base/mod.ts";
import { type TimedWait, WAIT_STEPS, type WaitStep } from "./timed_wait.ts";

/** A line of `timeouts.log` about one timeout. */
export interface ExpiredLine extends Omit<TimedWait, "outcome"> {
  /** When the timeout expired, ISO 8601 UTC. */
  readonly time: string;
  /** Tells the line from an {@linkcode EndedLine}. */
  readonly outcome: "timeout";
  /**
   * How many waits of this host and step have timed out in a row in this process, including this one. A long row means
   * that the host answered nobody.
   */
  readonly streak: number;
}

/** A line of `timeouts.log` that sums up the waits of a few minutes that ended in time. */
export interface EndedLine extends Pick<TimedWait, "operation" | "step" | "host"> {
  /** The smallest limit in the period, in milliseconds. */
  readonly limitMs: number;
  /** End of the period, ISO 8601 UTC. */
  readonly time: string;
  /** Tells the line from an {@linkcode ExpiredLine}. */
  readonly outcome: "ok";
  /** Length of the period in milliseconds. */
  readonly spanMs: number;
  /** Number of waits. */
  readonly count: number;
  /** Lengths in milliseconds, rounded up to two digits, and how many waits had each; shortest first. */
  readonly waits: readonly (readonly [ms: number, count: number])[];
}

/** One line of `timeouts.log`. */
export type TimeoutLine = ExpiredLine | EndedLine;

const OPERATIONS: readonly TimedWait["operation"][] = ["api", "resolve", "transfer"];
const MAX_HOST = 255;

/**
 * Parse one line of `timeouts.log`. An `ok` line with `elapsedMs` in place of `waits` is one wait.
 *
 * @param text The line without its line break
 * @returns The line; `null` if it is not one
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTimeoutLine } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const line = parseTimeoutLine(
 *   '{"time":"2026-01-01T00:00:00.000Z","outcome":"timeout","operation":"transfer","step":"headers",' +
 *     '"host":"b2.civitai.com","limitMs":30000,"elapsedMs":30001,"connectionAgeMs":0,"attempt":1,"streak":1}',
 * );
 * assertEquals([line?.host, line?.outcome], ["b2.civitai.com", "timeout"]);
 * assertEquals(parseTimeoutLine("no JSON"), null);
 * ```
 */
export function parseTimeoutLine(text: string): TimeoutLine | null {
  const value = parseObject(text);
  return value === null ? null : readTimeoutRecord(value);
}

/**
 * Read one line of `timeouts.log` whose JSON is parsed already.
 *
 * @returns The line; `null` if it is not one
 */
export function readTimeoutRecord(value: Readonly<Record<string, unknown>>): TimeoutLine | null {
  const { time, outcome, step, host, limitMs } = value;
  if (typeof time !== "string" || !Number.isFinite(Date.parse(time)) || !isStep(step)) return null;
  if (typeof host !== "string" || host === "" || host.length > MAX_HOST || !isLength(limitMs)) return null;
  const operation = OPERATIONS.find((known) => known === value.operation) ?? "transfer";
  const base = { time, operation, step, host, limitMs };
  if (outcome === "timeout") return expiredLine(base, value);
  return outcome === "ok" ? endedLine(base, value) : null;
}

type Base = Pick<TimeoutLine, "time" | "operation" | "step" | "host" | "limitMs">;

function expiredLine(base: Base, value: Record<string, unknown>): ExpiredLine | null {
  const { elapsedMs = base.limitMs, connectionAgeMs = null, attempt = 1, streak = 1 } = value;
  if (!isLength(elapsedMs) || !isPositiveCount(attempt) || !isPositiveCount(streak)) return null;
  if (connectionAgeMs !== null && !isLength(connectionAgeMs)) return null;
  return { ...base, outcome: "timeout", elapsedMs, connectionAgeMs, attempt, streak };
}

function endedLine(base: Base, value: Record<string, unknown>): EndedLine | null {
  const { spanMs = 0, elapsedMs, waits = [[elapsedMs, 1]] } = value;
  if (!isLength(spanMs) || !Array.isArray(waits) || waits.length === 0 || !waits.every(isEntry)) return null;
  const count = waits.reduce((sum, [, times]) => sum + times, 0);
  return { ...base, outcome: "ok", spanMs, count, waits };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isStep(value: unknown): value is WaitStep {
  return WAIT_STEPS.some((step) => step === value);
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function isPositiveCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 1;
}

function isEntry(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && isLength(value[0]) && isPositiveCount(value[1]);
}
