import { KitError } from "../../base/mod.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { planTargetOrReport } from "./_plan_or_report.ts";

/** Outcome of second tries. */
export interface PlannedAgain {
  /** Number of targets and galleries that were tried again. */
  readonly targets: number;
  /** How many of them failed again. */
  readonly failed: number;
}

/**
 * Plan once more what failed for a reason that may be temporary: a service that has answered one listing with an error
 * usually answers it by the end of the run. If the service is gone by then, the first failures stand.
 *
 * @param context Context that the targets were planned with
 * @returns How many were tried, and failed again
 * @throws Failures that end the whole run, except those of the service
 */
export async function planAgain(context: SettledPlanning): Promise<PlannedAgain> {
  const { report, signal, onEvent } = context;
  const plans = context.retries?.take() ?? [];
  let failed = 0;
  try {
    for (const { target, plan } of plans) {
      signal.throwIfAborted();
      onEvent({ type: "target", target: target.name });
      const before = report.takeProblems(target.name);
      try {
        if (await planTargetOrReport(context, target, plan) !== null) failed++;
      } catch (error) {
        report.returnProblems(before);
        throw error;
      }
    }
  } catch (error) {
    if (!(error instanceof KitError) || error.code !== "network") throw error;
  } finally {
    report.settleProblems();
  }
  return { targets: plans.length, failed };
}
