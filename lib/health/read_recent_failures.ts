import { join } from "node:path";
import { openNoFollow } from "../base/mod.ts";
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

/**
 * Read the newest failures of `failures.jsonl`.
 *
 * @param logs The log folder
 * @param options Older failures are left out; milliseconds since the epoch
 * @returns The failures, newest first; none if there is no such log
 */
export async function readRecentFailures(
  logs: string,
  { sinceMs }: { readonly sinceMs: number },
): Promise<readonly LoggedFailure[]> {
  let file: Deno.FsFile;
  try {
    file = await openNoFollow(join(logs, "failures.jsonl"), { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
  using opened = file;
  const found: LoggedFailure[] = [];
  let lines = 0;
  for await (const bytes of tailLines(opened, { maxLineBytes: 1 << 16, chunkBytes: 1 << 16 })) {
    if (++lines > MAX_LINES) break;
    const line = bytes === null ? null : parse(bytes);
    if (line === null) continue;
    if (Date.parse(line.time) < sinceMs) break;
    found.push(line);
  }
  return found;
}

/** Parse a line; `null` if it is damaged. */
function parse(bytes: Uint8Array): LoggedFailure | null {
  try {
    const { timestamp, class: failure } = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof timestamp !== "string" || typeof failure !== "string" || Number.isNaN(Date.parse(timestamp))) {
      return null;
    }
    return { time: timestamp, failure };
  } catch {
    return null;
  }
}
