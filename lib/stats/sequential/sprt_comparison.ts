import type { EventCount } from "../event_count.ts";
import { sprt, type SprtResult } from "./sprt.ts";

/** Hypotheses and error probabilities of {@linkcode sprtComparison}. */
export interface SprtComparisonOptions {
  /** How many times as high the rate of the first sample may be under the alternative, each above 1; see `sprt`. */
  readonly ratios: readonly number[];
  /** Probability of deciding for the alternative although both rates are equal. */
  readonly alpha: number;
  /** Probability of deciding for equal rates although the alternative is true. */
  readonly beta: number;
}

/**
 * Evaluate a sequential test of whether events are more frequent in one sample than in another one of the same time. If
 * both rates are equal, whatever they are, each event falls into the first sample with the probability of that sample's
 * share of all trials; that probability is what is tested (Wald 1947, chapter 6, for unequal samples). So a cause that
 * affects both samples alike favors neither. It may be evaluated after each trial, like `sprt`.
 *
 * @param first Events and trials of the sample that may have the higher rate
 * @param second Events and trials of the other sample
 * @returns Ratio, bounds and decision; the ratio is 0 while one of the samples is empty
 * @throws {RangeError} If a count, a ratio or a probability is not valid
 */
export function sprtComparison(first: EventCount, second: EventCount, options: SprtComparisonOptions): SprtResult {
  const { ratios, alpha, beta } = options;
  for (const { events, trials } of [first, second]) {
    if (!Number.isSafeInteger(trials) || !Number.isSafeInteger(events) || events < 0 || events > trials) {
      throw new RangeError(`Cannot compare rates: ${events} of ${trials} is not a valid count`);
    }
  }
  const wrong = ratios.find((ratio) => !(ratio > 1 && ratio < Infinity));
  if (wrong !== undefined) throw new RangeError(`Cannot compare rates: ratio ${wrong} must be above 1`);
  const isEmpty = first.trials === 0 || second.trials === 0;
  const share = isEmpty ? 0.5 : first.trials / (first.trials + second.trials);
  const counts = isEmpty ? { events: 0, trials: 0 } : { events: first.events, trials: first.events + second.events };
  const alternativeRates = ratios.map((ratio) => ratio * share / (ratio * share + 1 - share));
  return sprt(counts, { nullRate: share, alternativeRates, alpha, beta });
}
