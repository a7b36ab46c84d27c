import { checkOptions } from "../_check_options.ts";
import { SoakRun } from "./_soak_run.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { SoakReport } from "../books/soak_report.ts";

/**
 * Repeat work by a schedule for as long as is wanted, watch it, and judge what is claimed. Jobs fall due at a fixed rate
 * whatever became of the ones before, so a system that stands still for five seconds shows five seconds. All that is
 * kept is bounded, so a week takes no more memory than a minute.
 *
 * @param options The work, how long, and what is claimed
 * @returns The report; a run that was stopped by its signal has one too
 * @throws {RangeError} If a duration, a rate, a count or a share makes no sense
 *
 * @example
 * ```ts
 * import { runSoak } from "@civitai-dl/civitai-dl/soak";
 * const report = await runSoak({
 *   ...{ plannedMs: 300, intervalMs: 100, perSecond: 50 },
 *   work: (job, { beat }) => Promise.resolve(beat(job.kind)),
 * });
 * // Fifteen calls prove nothing about a rate of one in a hundred.
 * console.assert(report.verdict === "inconclusive" && report.totals.failed === 0);
 * ```
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  checkOptions(options);
  return await new SoakRun(options).run();
}
