import { checkOptions } from "../_check_options.ts";
import { SoakRun } from "./_soak_run.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { SoakReport } from "../records/soak_report.ts";

/**
 * Run jobs on a schedule for a given time, observe them, and check claims about the run. The load is open-loop: jobs
 * fall due at a fixed rate regardless of earlier ones, so a system that hangs for five seconds shows latencies of five
 * seconds. All records are bounded, so a run of a week takes no more memory than a run of a minute.
 *
 * @param options The work, the duration and the claims
 * @returns The report, even if the signal stopped the run
 * @throws {RangeError} If a duration, rate, count or share is out of range
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  checkOptions(options);
  return await new SoakRun(options).run();
}
