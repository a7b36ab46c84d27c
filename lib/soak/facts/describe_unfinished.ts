import { formatCount } from "../../base/mod.ts";
import type { SoakCounts } from "./soak_totals.ts";

/**
 * Describe the jobs that were stopped with the run, which neither ended nor deadlocked; return `null` if there are
 * none.
 */
export function describeUnfinished({ unfinished }: SoakCounts): string | null {
  if (unfinished === 0) return null;
  return `${formatCount(unfinished, "job was", "jobs were")} unfinished when the run ended, was stopped or killed`;
}
