import { KitError } from "../../lib/base/mod.ts";
import type { EvidenceStep, StepState } from "./evidence_step.ts";
import { runStep } from "./run_step.ts";

/** A step of a sitting: what is to be done, and where its report is. */
export interface SittingStep {
  readonly step: EvidenceStep;
  readonly state: Exclude<StepState, "done">;
  readonly path: string;
}

/** A step whose command ended without a report. */
export interface FailedStep {
  readonly id: string;
  /** What its command ended with. */
  readonly reason: string;
}

/** Options of {@linkcode runSitting}. */
export interface SittingOptions<S extends SittingStep> {
  /** Root folder of the checkout. */
  readonly root: string;
  /** Ends the sitting: the step under way stops, and keeps what it has. */
  readonly signal: AbortSignal;
  /** Called before a step, with its index. */
  readonly onStep: (step: S, index: number) => Promise<void>;
  /** Called after a step that has made its report. */
  readonly onMade: (step: S) => Promise<void>;
}

/**
 * Run the steps one after another until `signal` aborts. A step that fails does not keep the next from being made: they
 * do not depend on each other.
 *
 * @returns The steps that failed
 */
export async function runSitting<S extends SittingStep>(
  steps: readonly S[],
  { root, signal, onStep, onMade }: SittingOptions<S>,
): Promise<readonly FailedStep[]> {
  const failed: FailedStep[] = [];
  for (const [index, one] of steps.entries()) {
    if (signal.aborted) break;
    await onStep(one, index);
    try {
      if (await runStep(one.step, { root, path: one.path, state: one.state, signal }) === "stopped") break;
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      failed.push({ id: one.step.id, reason: error.message });
      continue;
    }
    await onMade(one);
  }
  return failed;
}
