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
  /** Ends the sitting at once: the step under way stops, and keeps what it can. */
  readonly signal: AbortSignal;
  /** Aborts when the time is over: a step that can go on later stops, and any other is the last one. */
  readonly timeOver: AbortSignal;
  /** Called before a step, with its index. */
  readonly onStep: (step: S, index: number) => Promise<void>;
}

/**
 * Run the steps one after another until `signal` or `timeOver` aborts. A step that fails does not keep the next from being made: they
 * do not depend on each other.
 *
 * @returns The steps that failed
 */
export async function runSitting<S extends SittingStep>(
  steps: readonly S[],
  { root, signal, timeOver, onStep }: SittingOptions<S>,
): Promise<readonly FailedStep[]> {
  const failed: FailedStep[] = [];
  for (const [index, one] of steps.entries()) {
    const { step, path, state } = one;
    if (signal.aborted || timeOver.aborted) break;
    await onStep(one, index);
    // What cannot go on would begin again in each sitting, and never end.
    const stop = step.isResumable ? AbortSignal.any([signal, timeOver]) : signal;
    try {
      if (await runStep(step, { root, path, state, signal: stop }) === "stopped") break;
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      failed.push({ id: step.id, reason: error.message });
    }
  }
  return failed;
}
