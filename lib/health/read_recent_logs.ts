import { join } from "node:path";
import { isDenoError, openNoFollow } from "../base/mod.ts";
import { parseTimeoutLine, TIMEOUT_LOG_NAME, type TimeoutLine } from "../failsafe/mod.ts";
import { tailLines } from "../journal/mod.ts";
import { type LogRecord, parseLogRecord, textOf } from "../problems/mod.ts";

/** A day of a large library, or of a run that fails all the time, and read in a moment. */
const MAX_LINES = 50_000;
/** Lines are a few hundred bytes. A log of gigabytes without a line break, as a full disk may leave, is not read. */
const TAIL_LIMITS = { maxLineBytes: 1 << 16, chunkBytes: 1 << 16, maxBytes: 64 << 20 };

/** How far back a log is read. */
export interface RecentOptions {
  /** Older lines are left out; milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Stops reading; the reason is thrown. */
  readonly signal: AbortSignal;
}

/** How far back `download.log` is read, and which of its lines. */
export interface RecentEventsOptions extends RecentOptions {
  /** Text that a line must contain: a cheap test before it is parsed. */
  readonly mark: string;
}

/**
 * Read the newest events of `download.log`.
 *
 * @param logs The log folder
 * @param options How far back, and which lines
 * @returns The lines with the text, newest first; none if there is no log. Damaged ones are left out
 */
export async function* readRecentEvents(
  logs: string,
  { mark, sinceMs, signal }: RecentEventsOptions,
): AsyncIterable<LogRecord & { readonly time: string }> {
  for await (const text of newestLines(join(logs, "download.log"), signal)) {
    const record = text.includes(mark) ? parseLogRecord(text) : null;
    const time = textOf(record?.time);
    if (record === null || time === null) continue;
    if (Date.parse(time) < sinceMs) return;
    yield { ...record, time };
  }
}

/**
 * Find the newest entry of `failures.jsonl` of a class.
 *
 * @param logs The log folder
 * @param failure The class
 * @param options How far back
 * @returns When it was logged, ISO 8601 UTC; `null` if there is none
 */
export async function findRecentFailure(
  logs: string,
  failure: string,
  { sinceMs, signal }: RecentOptions,
): Promise<string | null> {
  for await (const text of newestLines(join(logs, "failures.jsonl"), signal)) {
    const record = parseLogRecord(text);
    const time = textOf(record?.timestamp);
    if (time === null || Number.isNaN(Date.parse(time))) continue;
    if (Date.parse(time) < sinceMs) return null;
    if (record?.class === failure) return time;
  }
  return null;
}

/**
 * Read the newest waits of `timeouts.log`: those that timed out, and sums of those that ended in time.
 *
 * @param logs The log folder
 * @param options How far back
 * @returns The waits, newest first; none if there is no such log
 */
export async function readRecentWaits(
  logs: string,
  { sinceMs, signal }: RecentOptions,
): Promise<readonly TimeoutLine[]> {
  const found: TimeoutLine[] = [];
  for await (const text of newestLines(join(logs, TIMEOUT_LOG_NAME), signal)) {
    const line = parseTimeoutLine(text);
    if (line === null) continue;
    if (Date.parse(line.time) < sinceMs) break;
    found.push(line);
  }
  return found;
}

/** Lines of a log from its end; none if there is no such log. */
async function* newestLines(path: string, signal: AbortSignal | undefined): AsyncIterable<string> {
  const file = await openNoFollow(path, { read: true }).catch((error) => {
    if (isDenoError(error, "NotFound", "NotADirectory")) return null;
    throw error;
  });
  if (file === null) return;
  using opened = file;
  const decoder = new TextDecoder();
  let lines = 0;
  for await (const bytes of tailLines(opened, { ...TAIL_LIMITS, signal })) {
    if (++lines > MAX_LINES) return;
    if (bytes !== null) yield decoder.decode(bytes);
  }
}
