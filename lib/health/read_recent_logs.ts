import { join } from "node:path";
import { openNoFollow } from "../base/mod.ts";
import { parseTimeoutLine, TIMEOUT_LOG_NAME, type TimeoutLine } from "../failsafe/mod.ts";
import { tailLines } from "../journal/mod.ts";

/** A line of the failure log. */
export interface LoggedFailure {
  /** When it was logged, ISO 8601 UTC. */
  readonly time: string;
  /** Class of the failure. */
  readonly failure: string;
}

/** Enough for a day of a run that fails all the time, and read in a moment. */
const MAX_LINES = 20_000;
/** Lines are a few hundred bytes. A log of gigabytes without a line break, as a full disk may leave, is not read. */
const MAX_BYTES = 64 << 20;
const TAIL_LIMITS = { maxLineBytes: 1 << 16, chunkBytes: 1 << 16, maxBytes: MAX_BYTES };

/** How far back a log is read. */
export interface RecentOptions {
  /** Older lines are left out; milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read the newest failures of `failures.jsonl`.
 *
 * @param logs The log folder
 * @param options How far back
 * @returns The failures, newest first; none if there is no such log
 */
export function readRecentFailures(logs: string, options: RecentOptions): Promise<readonly LoggedFailure[]> {
  return readRecentLines(join(logs, "failures.jsonl"), parseFailure, options);
}

/**
 * Read the newest waits of `timeouts.log`: those that timed out, and sums of those that ended in time.
 *
 * @param logs The log folder
 * @param options How far back
 * @returns The waits, newest first; none if there is no such log
 */
export function readRecentWaits(logs: string, options: RecentOptions): Promise<readonly TimeoutLine[]> {
  return readRecentLines(join(logs, TIMEOUT_LOG_NAME), parseTimeoutLine, options);
}

/** Lines of `download.log` that are read at most: a day of a large library. */
const MAX_EVENTS = 50_000;

/** Which lines of `download.log` are parsed. */
export interface NewestEventsOptions {
  /** Text that a line must contain: a cheap test before it is parsed. */
  readonly mark: string;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read the newest lines of `download.log`.
 *
 * @param logs The log folder
 * @param options Which lines
 * @returns The lines with the text, parsed, newest first; none if there is no log. Damaged lines are left out
 */
export async function* readNewestEvents(
  logs: string,
  { mark, signal }: NewestEventsOptions,
): AsyncIterable<Readonly<Record<string, unknown>>> {
  let file: Deno.FsFile;
  try {
    file = await openNoFollow(join(logs, "download.log"), { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
  using opened = file;
  const decoder = new TextDecoder();
  let lines = 0;
  for await (const bytes of tailLines(opened, { ...TAIL_LIMITS, signal })) {
    if (++lines > MAX_EVENTS) return;
    const text = bytes === null ? "" : decoder.decode(bytes);
    const value = text.includes(mark) ? parseObject(text) : null;
    if (value !== null) yield value;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : null;
  } catch {
    // A crash leaves half a line.
    return null;
  }
}

async function readRecentLines<Line extends { readonly time: string }>(
  path: string,
  parse: (text: string) => Line | null,
  { sinceMs, signal }: RecentOptions,
): Promise<readonly Line[]> {
  let file: Deno.FsFile;
  try {
    file = await openNoFollow(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
  using opened = file;
  const found: Line[] = [];
  let lines = 0;
  for await (const bytes of tailLines(opened, { ...TAIL_LIMITS, signal })) {
    if (++lines > MAX_LINES) break;
    const line = bytes === null ? null : parse(new TextDecoder().decode(bytes));
    if (line === null) continue;
    if (Date.parse(line.time) < sinceMs) break;
    found.push(line);
  }
  return found;
}

/** Parse a line; `null` if it is damaged. */
function parseFailure(text: string): LoggedFailure | null {
  try {
    const { timestamp, class: failure } = JSON.parse(text);
    if (typeof timestamp !== "string" || typeof failure !== "string" || Number.isNaN(Date.parse(timestamp))) {
      return null;
    }
    return { time: timestamp, failure };
  } catch {
    return null;
  }
}
