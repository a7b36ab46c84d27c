import type { SoakCounts } from "../books/soak_totals.ts";

/** What was stopped with a run has neither ended nor stood still; `null` if there is none. */
export function unfinishedWords({ unfinished }: SoakCounts): string | null {
  if (unfinished === 0) return null;
  return `${unfinished === 1 ? "1 job was" : `${unfinished} jobs were`} unfinished when the run was stopped or killed`;
}
