import { KitError } from "../../lib/base/mod.ts";
import type { EvidenceStep } from "../../checks/mod.ts";
import { findFixedBaseline, MERGE_BASE, PHASE_TAG } from "./fixed_baseline.ts";
import { findPhaseBaseline } from "./phase_baseline.ts";

/** Why the gate would not accept the report of a step, and what to do first. */
export interface Obstacle {
  /** The conditions that would refuse it; all of the step, or some. */
  readonly conditions: readonly string[];
  /** What is missing. */
  readonly reason: string;
  readonly hint: string;
}

/** Where a step is to be made. */
export interface StepPlace {
  /** The checkout. */
  readonly folder: string;
  /** Full hash of its commit. */
  readonly sha: string;
}

/**
 * Determine before a benchmark runs whether the commit that it compares with exists: where the checkout left main, the
 * tag of the phase before, or the tag of phase 1.
 *
 * @returns `null` if nothing is in the way
 */
export async function findObstacle(
  { words, conditions, ofPhase1 }: EvidenceStep,
  { folder, sha }: StepPlace,
): Promise<Obstacle | null> {
  const baseline = words[words.indexOf("--baseline") + 1];
  if (baseline === MERGE_BASE || baseline === PHASE_TAG) {
    try {
      await findFixedBaseline({ folder, baseline, target: "HEAD" });
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return { conditions, reason: error.message.replace(/^Cannot [^:]*: /, ""), hint: error.hint ?? "" };
    }
  }
  if (ofPhase1.length === 0 || (await findPhaseBaseline({ folder, sha, ref: undefined })).kind === "tag") return null;
  return {
    conditions: ofPhase1,
    reason: "no earlier commit has the tag of phase 1",
    hint: "deno task branch finish-phase 1 makes it",
  };
}
