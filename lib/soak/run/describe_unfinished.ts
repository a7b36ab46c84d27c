import type { SoakCounts } from "../records/soak_totals.ts";

/**
 * Describe the jobs that were stopped with the run, which neither ended nor deadlocked; return `null` if there are
 * none.
 */
export function describeUnfinished({ unfinished }: SoakCounts): string | null {
  if (unfinished === 0) return null;
  return `${
    unfinished === 1 ? "1 job was" : `${unfinished} jobs were`
  } unfinished when the run ended, was stopped or killed`;
}
