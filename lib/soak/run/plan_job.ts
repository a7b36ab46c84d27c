import { seededRandom } from "../../base/mod.ts";
import type { SoakJob } from "./soak_work.ts";

/** What a schedule is made of. */
export interface JobPlan {
  /** Equal seeds give equal schedules. */
  readonly seed: number;
  /** What jobs do, in turn. */
  readonly kinds: readonly string[];
  /** Part of the jobs into which faults are injected, from 0 to 1. */
  readonly injectRate: number;
}

/**
 * Decide what a job is; a function of seed and place alone, whatever happened before.
 *
 * @param plan The schedule
 * @param index The job's place
 * @returns The job, still without its lane
 */
export function planJob(plan: JobPlan, index: number): Omit<SoakJob, "lane"> {
  const kind = plan.kinds[index % plan.kinds.length]!;
  // Consecutive seeds of this generator are alike in their first numbers: they are mixed with a large odd number.
  const random = seededRandom(Math.imul(plan.seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35));
  const isInjected = random() < plan.injectRate;
  return { index, id: `${index}-${kind}`, kind, isInjected, seed: Math.floor(random() * 2 ** 31) };
}
