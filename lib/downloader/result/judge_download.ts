import type { ErrorCode } from "../../base/mod.ts";
import type { DownloadResult } from "../download.ts";
import { judgeRun, type RunStop, type RunSummary } from "../fetch/run_summary.ts";

/** The part of a result by which {@linkcode judgeDownload} judges. */
export interface JudgedDownload {
  /** What could not be planned, and what of the listings could not be read. */
  readonly plan: {
    readonly problems: DownloadResult["plan"]["problems"];
    readonly unreadable: Pick<DownloadResult["plan"]["unreadable"], "count">;
  };
  /** The queue; `null` if the plan was not approved. */
  readonly run: Pick<RunSummary, "failed" | "outcomes" | "stopped"> | null;
  /** Named targets that the server refused. */
  readonly refused: DownloadResult["refused"];
  /** Problems of the lists of targets, whose lines no plan has. */
  readonly problems: readonly string[];
}

/**
 * Choose the error code of a download: that of its queue, or `failed` if some of what was asked for could not even be
 * planned.
 *
 * @param result Plan, queue, and what was refused
 * @returns The error code; `null` if all that was asked for is there
 */
export function judgeDownload({ plan, run, refused, problems }: JudgedDownload): ErrorCode | null {
  const code = run === null ? null : judgeRun(run);
  const isWhole = plan.problems.length + plan.unreadable.count + refused.length + problems.length === 0;
  // A later run cannot get unavailable items either, so `failed` takes precedence over the time limit.
  if (code === null || (code === "inconclusive" && !isWhole)) return isWhole ? null : "failed";
  return code;
}

/**
 * Find the error that stopped a run before any item ended: it is clearer than an empty summary.
 *
 * @param run The queue
 * @returns Why it stopped; `null` if an item ended, or a limit of the user stopped it
 */
export function findEarlyStop({ stopped, outcomes }: Pick<RunSummary, "outcomes" | "stopped">): RunStop | null {
  return stopped?.code === "inconclusive" || Object.keys(outcomes).length > 0 ? null : stopped;
}
