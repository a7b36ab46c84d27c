import { seededRandom } from "../../base/mod.ts";
import type { SoakJob } from "../facts/soak_work.ts";

/** The parameters of a schedule. */
export interface ScheduleOptions {
  /** The seed, an integer; equal seeds give equal schedules. */
  readonly seed: number;
  /** The kinds of jobs, which take turns; at least one. */
  readonly kinds: readonly string[];
  /** The fraction of jobs into which faults are injected, from 0 to 1. */
  readonly injectRate: number;
}

/**
 * Compute a job of the schedule. The result depends only on the parameters and the index, not on earlier jobs.
 *
 * @param schedule The parameters of the schedule
 * @param index The index of the job, from 0
 * @returns The job, without a lane
 */
export function planJob(schedule: ScheduleOptions, index: number): Omit<SoakJob, "lane"> {
  const kind = schedule.kinds[index % schedule.kinds.length]!;
  // Consecutive seeds of this generator give similar first numbers, so mix seed and index with large odd numbers.
  const random = seededRandom(Math.imul(schedule.seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35));
  const isInjected = random() < schedule.injectRate;
  return { index, id: `${index}-${kind}`, kind, isInjected, seed: Math.floor(random() * 2 ** 31) };
}
