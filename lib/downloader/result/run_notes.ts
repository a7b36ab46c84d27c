import type { RunEnd } from "../../library/mod.ts";
import type { DownloadResult } from "../download.ts";
import type { FailedItem, RunStop, RunSummary } from "../fetch/run_summary.ts";
import type { PlanTarget } from "../plan/plan_target.ts";
import type { RebuildSummary } from "../rebuild/rebuild_catalog.ts";
import type { RepairSummary } from "../repair/repair_library.ts";
import type { VerifySummary } from "../verify/verify_summary.ts";
import type { UnfinishedCount } from "./count_unfinished.ts";

/** What a command tells of its run while it goes on; the record of its end needs it. */
export type RunNotes = Partial<Omit<RunEnd, "exitCode" | "key">>;

/** What {@linkcode noteDownload} needs besides the queue. */
export interface DownloadFacts {
  /** What is unfinished; `null` if nothing is. */
  readonly left: UnfinishedCount | null;
  /** Targets that could not be listed. */
  readonly plan: Pick<DownloadResult["plan"], "problems">;
  /** Targets that the run was asked for. */
  readonly targets: readonly PlanTarget[];
  /** `lastOutageMs` of the run's progress. */
  readonly outageMs: number;
}

/**
 * Note what the queue of a download tells of its end.
 *
 * @param run The queue
 * @param facts What was planned, and what is left
 * @returns Counts and cause
 */
export function noteDownload(run: RunSummary, { left, plan, targets, outageMs }: DownloadFacts): RunNotes {
  const { outcomes, failed, fetchedBytes, stopped } = run;
  const [problem] = plan.problems;
  // If nothing could be listed, that is no matter of one creator.
  const isOfOne = plan.problems.length < targets.length;
  const ofPlan = isOfOne ? "creator-fails" : problem?.failure ?? "creator-fails";
  const cause = problem === undefined ? sharedFailure(failed) : ofPlan;
  return {
    done: outcomes.done ?? 0,
    failed: (outcomes.failed ?? 0) + (outcomes.corrupted ?? 0),
    left: left?.items ?? 0,
    leftBytes: left?.bytes ?? 0,
    fetchedBytes,
    silentMs: Math.round(outageMs),
    failure: sharedFailure(failed),
    target: problem?.target ?? null,
    ...stopped === null ? { cause } : noteStop(stopped),
  };
}

/**
 * Note what a repair tells of its end.
 *
 * @param summary The repair
 * @returns Counts and cause
 */
export function noteRepair(summary: RepairSummary): RunNotes {
  const { intact, patched, fetched, broken, failed, stopped, bytesFetched } = summary;
  return {
    done: intact + patched + fetched,
    failed: failed.length,
    left: Math.max(0, broken - failed.length),
    leftBytes: 0,
    fetchedBytes: bytesFetched,
    failure: sharedFailure(failed),
    ...stopped === null ? { cause: sharedFailure(failed) } : noteStop(stopped),
  };
}

/**
 * Note what a verification tells of its end.
 *
 * @param summary The verification
 * @returns Counts
 */
export function noteVerify({ counts }: Pick<VerifySummary, "counts">): RunNotes {
  const { ok, missing, changed, corrupt } = counts;
  return { done: ok, failed: missing + changed + corrupt };
}

/**
 * Note what a rebuild tells of its end.
 *
 * @param summary The rebuild
 * @returns Counts
 */
export function noteRebuild({ restored, notLookedUp }: Pick<RebuildSummary, "restored" | "notLookedUp">): RunNotes {
  return { done: restored, left: notLookedUp.count };
}

/** Note why a run ended early. */
function noteStop({ code, failure, neededBytes, pause, message, hint }: RunStop): RunNotes {
  if (pause !== undefined) return { cause: "paused", pause, message, hint };
  if (neededBytes !== undefined) return { cause: "reserve-reached", neededBytes, message, hint };
  return { cause: failure ?? code, message, hint };
}

/** The class of failure that all failed files have; `null` if they have several, or none failed. */
function sharedFailure(failed: readonly Pick<FailedItem, "failure">[]): string | null {
  const classes = new Set(failed.map(({ failure }) => failure));
  return classes.size === 1 ? [...classes][0]! : null;
}
