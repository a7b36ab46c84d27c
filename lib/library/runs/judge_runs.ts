import { judgeExit } from "../../base/mod.ts";
import type { KeyState, RunRecord } from "./run_record.ts";

/** What the runs of a library say about it. */
export interface RunsVerdict {
  /** The run under way; `null` if there is none. */
  readonly running: RunRecord | null;
  /** The last run that is over; `null` before the first. */
  readonly last: RunRecord | null;
  /** The last run that fetched files, successfully or not; `null` before the first. */
  readonly lastFetch: RunRecord | null;
  /** The last failed run that no later one has made good, over runs that were stopped; `null` if there is none. */
  readonly failed: RunRecord | null;
  /** Whether the run under way may make `failed` good: nobody knows before its end. */
  readonly isRepeating: boolean;
  /**
   * How long no byte had arrived when the last run that fetched files failed, in milliseconds, with the time of the runs
   * before it in which none arrived either; 0 if it did not fail.
   */
  readonly silentMs: number;
  /** When the last run ended, in milliseconds since the epoch; of a killed run its start, the last that is known. */
  readonly lastEndMs: number | null;
  /** When the last successful download or update ended, in milliseconds since the epoch; `null` without one. */
  readonly lastSuccessMs: number | null;
  /**
   * Since when no nightly job has succeeded, in milliseconds since the epoch: its last success, or the first of its
   * runs. `null` if the library has no nightly job.
   */
  readonly successAwaitedSinceMs: number | null;
  /** Files that the last fetching run left; `null` if that is unknown. */
  readonly leftFiles: number | null;
  /** Bytes that the last run, or the one under way, keeps free on the disk; `null` if no run fetched anything yet. */
  readonly reserveBytes: number | null;
  /** What the runs last learnt of the API key; `null` if nothing, or a run is under way after one whose key was refused. */
  readonly key: KeyState | null;
  /** Where the key came from that was last accepted or rejected; `null` if that is unknown. */
  readonly keyOrigin: string | null;
}

/** The cause of a run whose plan a person declined: it ends with 0, and has fetched nothing. */
export const DECLINED = "declined";

/** Runs that fetch the library's files; the others check and mend what is there. */
const FETCHING: ReadonlySet<string> = new Set(["download", "update"]);
/** Two runs of a nightly job are not further apart, even if one is late and the next is early. */
const NIGHT_MS = 36 * 3_600_000;
/** Runs of one script on one day are no nightly job yet. */
const TWO_NIGHTS_MS = 20 * 3_600_000;

/**
 * Judge the runs of a library.
 *
 * @param runs The runs, newest first, as `readRuns` returns them
 * @returns How the last runs ended, and what is to be said of them
 */
export function judgeRuns(runs: readonly RunRecord[]): RunsVerdict {
  const over = runs.filter(({ state }) => state !== "running");
  const fetching = over.filter(isFetching);
  const checking = over.filter((run) => !isFetching(run));
  const success = fetching.find(isSuccessful);
  const withKey = over.find(({ key }) => key !== null);
  const failed = [fetching, checking].flatMap((kind) => kind.find((run) => !isStopped(run)) ?? []).filter(isFailed)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const lastSuccessMs = success === undefined ? null : endMs(success);
  const running = runs.find(({ state }) => state === "running") ?? null;
  // The run under way may have another key; one that is refused too ends it at once.
  const isKeyOpen = withKey?.key === "rejected" && running !== null && isFetching(running);
  return {
    running,
    last: over[0] ?? null,
    lastFetch: fetching[0] ?? null,
    failed: failed[0] ?? null,
    isRepeating: running !== null && failed[0] !== undefined && isFetching(running) === isFetching(failed[0]),
    silentMs: silenceOf(fetching),
    lastEndMs: over[0] === undefined ? null : endMs(over[0]),
    lastSuccessMs,
    successAwaitedSinceMs: awaitedSince(runs.filter((run) => isFetching(run) && !run.isAttended), lastSuccessMs),
    leftFiles: fetching[0]?.left ?? null,
    reserveBytes: runs.find(({ reserveBytes }) => reserveBytes !== null)?.reserveBytes ?? null,
    key: isKeyOpen ? null : withKey?.key ?? null,
    keyOrigin: withKey?.keyOrigin ?? null,
  };
}

/** How long nothing had arrived at the last run that tried; one that ended at once in a pause learnt nothing. */
function silenceOf(fetching: readonly RunRecord[]): number {
  const tried = fetching.find(({ cause, silentMs }) => cause !== "paused" || (silentMs ?? 0) > 0);
  return tried !== undefined && isFailed(tried) ? tried.silentMs ?? 0 : 0;
}

function isFetching({ command }: RunRecord): boolean {
  return FETCHING.has(command);
}

function isFailed({ state, exitCode }: RunRecord): boolean {
  return state === "killed" || (exitCode !== null && judgeExit(exitCode) === "failure");
}

/** Whether somebody stopped it or declined its plan, which says nothing of what failed before. */
function isStopped({ exitCode, cause }: RunRecord): boolean {
  return cause === DECLINED || (exitCode !== null && judgeExit(exitCode) === "stopped");
}

function isSuccessful({ exitCode, cause }: RunRecord): boolean {
  return cause !== DECLINED && exitCode !== null && judgeExit(exitCode) === "success";
}

function endMs({ endedAt, startedAt }: RunRecord): number {
  return Date.parse(endedAt ?? startedAt);
}

/**
 * Find out whether a timer runs the library's job every night, and since when it has not succeeded. A job that was
 * given up still counts, because nothing tells it from a timer that died.
 *
 * @param unattended Runs that fetch and that nobody watched, newest first
 */
function awaitedSince(unattended: readonly RunRecord[], lastSuccessMs: number | null): number | null {
  const starts = unattended.map(({ startedAt }) => Date.parse(startedAt));
  const [newest] = starts;
  if (newest === undefined) return null;
  const gap = starts.findIndex((start, index) => index > 0 && starts[index - 1]! - start > NIGHT_MS);
  const oldest = starts.at(gap === -1 ? -1 : gap - 1)!;
  if (newest - oldest < TWO_NIGHTS_MS) return null;
  return Math.max(lastSuccessMs ?? 0, oldest);
}
