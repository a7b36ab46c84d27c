import { dirname, join } from "node:path";
import { inspectLock, isDenoError, readTextNoFollow } from "../../base/mod.ts";
import { type EndLine, parseRunLine, RUNS_NAME, type StartLine } from "./_run_lines.ts";
import type { RunRecord } from "./run_record.ts";

/** Options of {@linkcode readRuns}. */
export interface ReadRunsOptions {
  /**
   * Maximum number of runs.
   *
   * @default {Infinity}
   */
  readonly limit?: number | undefined;
}

/**
 * Read the runs of a library, the newest first. A start without an end is a run under way if its process holds the
 * library's lock; otherwise the run was killed.
 *
 * @param stateFolder Folder `.civitai-dl/state` of the library, which holds `runs.jsonl`; the lock is in the folder above
 * @param options How many runs
 * @returns The runs; none if there is no journal. Lines that cannot be parsed are left out
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readRuns } from "@civitai-dl/civitai-dl/library";
 *
 * assertEquals(await readRuns(await Deno.makeTempDir()), []);
 * ```
 */
export async function readRuns(stateFolder: string, options: ReadRunsOptions = {}): Promise<readonly RunRecord[]> {
  const { limit = Infinity } = options;
  const lines = await readRunLines(stateFolder);
  const open = openStart(lines);
  if (open === undefined) return listRuns(lines, limit);
  if (await holdsLock(stateFolder, open)) return listRuns(lines, limit, open.id);
  // The run may have ended between the two looks: it records its end before it releases the lock.
  return listRuns(await readRunLines(stateFolder), limit);
}

type RunLine = StartLine | EndLine;

async function readRunLines(stateFolder: string): Promise<readonly RunLine[]> {
  const lines: RunLine[] = [];
  for (const ending of [".1", ""]) {
    for (const text of (await readText(join(stateFolder, `${RUNS_NAME}${ending}`))).split("\n")) {
      const line = text === "" ? null : parseRunLine(text);
      if (line !== null) lines.push(line);
    }
  }
  return lines;
}

async function readText(path: string): Promise<string> {
  try {
    return await readTextNoFollow(path);
  } catch (error) {
    if (isDenoError(error, "NotFound", "PermissionDenied")) return "";
    throw error;
  }
}

/** The last start, if it has no end: runs hold the lock one after another, so an earlier one without an end is gone. */
function openStart(lines: readonly RunLine[]): StartLine | undefined {
  const start = lines.findLast((line) => line.event === "start");
  return start === undefined || lines.some(({ event, id }) => event === "end" && id === start.id) ? undefined : start;
}

async function holdsLock(stateFolder: string, { pid }: StartLine): Promise<boolean> {
  const lock = await inspectLock(join(dirname(stateFolder), "lock"));
  return lock !== null && lock.isHeld && (lock.holder === undefined || lock.holder.pid === pid);
}

function listRuns(lines: readonly RunLine[], limit: number, runningId?: string): readonly RunRecord[] {
  const ends = new Map(lines.filter((line) => line.event === "end").map((line) => [line.id, line]));
  const starts = lines.filter((line) => line.event === "start").toReversed();
  return starts.slice(0, limit).map((start) => toRecord(start, ends.get(start.id), start.id === runningId));
}

function toRecord(
  { event: _, time: startedAt, again = null, ...start }: StartLine,
  end: EndLine | undefined,
  isRunning: boolean,
): RunRecord {
  if (end === undefined) return { ...NOT_ENDED, ...start, startedAt, again, state: isRunning ? "running" : "killed" };
  const { event: _event, time: endedAt, pause = null, failure = null, target = null, ...facts } = end;
  return { ...start, ...facts, again: end.again ?? again, pause, failure, target, startedAt, endedAt, state: "ended" };
}

const NOT_ENDED = {
  endedAt: null,
  exitCode: null,
  done: null,
  failed: null,
  left: null,
  leftBytes: null,
  fetchedBytes: null,
  neededBytes: null,
  silentMs: null,
  cause: null,
  message: null,
  hint: null,
  pause: null,
  failure: null,
  target: null,
  key: null,
  keyOrigin: null,
} as const;
