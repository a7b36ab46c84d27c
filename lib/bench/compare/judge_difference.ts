import type { Estimate } from "../../stats/mod.ts";

/** Verdict on the new code: slower, faster, no relevant difference, or impossible to decide from these samples. */
export type DifferenceVerdict = "regression" | "improved" | "same" | "inconclusive";

/** Measurements that a verdict is based on. */
export interface DifferenceFacts {
  /** Ratio of new to old; less is better. */
  readonly ratio: Estimate;
  /** The p-value, adjusted for all benchmarks that are judged together. */
  readonly adjustedP: number;
  /** Noise floor: how much runs of identical code differ, as a fraction; `null` if unknown. */
  readonly floor: number | null;
}

/** Options of {@linkcode judgeDifference}. */
export interface JudgeDifferenceOptions {
  /**
   * Largest difference that is not relevant, as a fraction.
   *
   * @default {0.05}
   */
  readonly margin?: number | undefined;
  /**
   * Significance level of the test.
   *
   * @default {0.05}
   */
  readonly alpha?: number | undefined;
}

/**
 * Judge a difference. It is a regression or an improvement if the whole interval is on one side of 1, the estimate
 * exceeds both the margin and the noise floor, and the adjusted p-value is below the level. It is `same` if the whole
 * interval and the noise floor are within the margin. Everything else is inconclusive: for example a sample that is too
 * small for the confidence, an interval that reaches beyond the margin, or a noise floor above it.
 *
 * @param facts Ratio, p-value, noise floor
 * @param options Margin and level
 * @returns The verdict
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeDifference } from "@civitai-dl/civitai-dl/bench";
 *
 * const ratio = { value: 1.2, low: 1.1, high: 1.3, confidence: 0.95, n: 20 };
 * assertEquals(judgeDifference({ ratio, adjustedP: 0.001, floor: 0.02 }), "regression");
 * assertEquals(judgeDifference({ ratio, adjustedP: 0.001, floor: 0.02 }, { margin: 0.3 }), "same");
 * // Runs of identical code differ more than the two states do.
 * assertEquals(judgeDifference({ ratio, adjustedP: 0.001, floor: 0.3 }), "inconclusive");
 * ```
 */
export function judgeDifference(facts: DifferenceFacts, options: JudgeDifferenceOptions = {}): DifferenceVerdict {
  const { margin = 0.05, alpha = 0.05 } = options;
  const { ratio, adjustedP, floor } = facts;
  // The sample is too small for an interval with the requested confidence.
  if (ratio.confidence < 1 - alpha) return "inconclusive";
  const limit = 1 + Math.max(margin, floor ?? 0);
  const isSure = adjustedP < alpha;
  if (ratio.low > 1 && ratio.value > limit && isSure) return "regression";
  if (ratio.high < 1 && ratio.value * limit < 1 && isSure) return "improved";
  const isWithin = ratio.high <= 1 + margin && ratio.low * (1 + margin) >= 1;
  return isWithin && (floor ?? 0) <= margin ? "same" : "inconclusive";
}
