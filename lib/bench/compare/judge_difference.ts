import type { Estimate } from "../../stats/mod.ts";
import { halfWidth } from "./noise_floor.ts";

/** How the new code compares: slower, faster, neither, or not to be told from these samples. */
export type DifferenceVerdict = "regression" | "improved" | "same" | "inconclusive";

/** What a verdict rests on. */
export interface DifferenceFacts {
  /** New by old, less being better. */
  readonly ratio: Estimate;
  /** The p-value, adjusted for all benchmarks that are judged together. */
  readonly adjustedP: number;
  /** How far equal code differs, as a share; `null` if unknown. */
  readonly floor: number | null;
}

/** Options of {@linkcode judgeDifference}. */
export interface JudgeDifferenceOptions {
  /**
   * A difference of less does not matter, as a share.
   *
   * @default {0.05}
   */
  readonly margin?: number | undefined;
  /**
   * The level of the test.
   *
   * @default {0.05}
   */
  readonly alpha?: number | undefined;
}

/**
 * Judge a difference. It is one if the whole interval lies on one side of 1, the estimate is beyond the margin and
 * beyond the noise floor, and the adjusted test agrees. It is none if the estimate is within the margin, and the
 * interval holds no more than the margin to either side of it or lies beyond 1. All else is inconclusive: a sample that
 * is too small for its confidence, an interval wider than the margin, a floor above the margin.
 *
 * @param facts Ratio, p-value, floor
 * @param options Margin and level
 * @returns The verdict
 */
export function judgeDifference(facts: DifferenceFacts, options: JudgeDifferenceOptions = {}): DifferenceVerdict {
  const { margin = 0.05, alpha = 0.05 } = options;
  const { ratio, adjustedP, floor } = facts;
  // The interval of a small sample is not as sure as it has to be.
  if (ratio.confidence < 1 - alpha) return "inconclusive";
  const limit = 1 + Math.max(margin, floor ?? 0);
  const isSure = adjustedP < alpha;
  if (ratio.low > 1 && ratio.value > limit && isSure) return "regression";
  if (ratio.high < 1 && ratio.value * limit < 1 && isSure) return "improved";
  const isFar = Math.max(ratio.value, 1 / ratio.value) > 1 + margin;
  const isApart = ratio.low > 1 || ratio.high < 1;
  if ((floor ?? 0) > margin || isFar) return "inconclusive";
  return !isApart && halfWidth(ratio) > margin ? "inconclusive" : "same";
}
