import { formatCount, formatDuration } from "../base/mod.ts";
import type { SoakCounts } from "../soak/mod.ts";

/** How far a run is. */
export interface StabilityProgress {
  /** Time of the run so far, in milliseconds, without pauses. */
  readonly coveredMs: number;
  /** Planned time, in milliseconds. */
  readonly plannedMs: number;
  /** Length of a round, after which the report is written, in milliseconds. */
  readonly intervalMs: number;
  /** Jobs under way. */
  readonly active: number;
  /** Whether the time is over, and the run waits for its last jobs. */
  readonly isEnding: boolean;
  /** What was counted so far. */
  readonly totals: SoakCounts;
}

/**
 * Describe how far a run is: `round 3 of 16, 42m of 4h (17 %): 2510 jobs, 0 failed, 61 silences; 3h 18m left`.
 *
 * @param progress The state of the run
 * @returns One line
 */
export function describeProgress(progress: StabilityProgress): string {
  const { coveredMs, plannedMs, intervalMs, active, isEnding, totals } = progress;
  const rounds = Math.max(1, Math.ceil(plannedMs / intervalMs));
  const round = Math.min(rounds, Math.floor(coveredMs / intervalMs) + 1);
  const show = (ms: number): string => ms < 1000 ? "0s" : formatDuration(1000 * Math.round(ms / 1000));
  const percent = Math.min(100, Math.floor(100 * coveredMs / plannedMs));
  const found = [
    formatCount(totals.ops, "job"),
    `${totals.failed} failed`,
    ...totals.silences > 0 ? [formatCount(totals.silences, "silence")] : [],
    ...totals.missing > 0 ? [`${formatCount(totals.missing, "item")} missing`] : [],
  ].join(", ");
  const ending = active === 0 ? "ending" : `the last ${active === 1 ? "job is" : `${active} jobs are`} ending`;
  const rest = isEnding ? ending : `${show(Math.max(0, plannedMs - coveredMs))} left`;
  return `round ${round} of ${rounds}, ${show(Math.min(coveredMs, plannedMs))} of ${show(plannedMs)} (${percent} %): ` +
    `${found}; ${rest}`;
}
