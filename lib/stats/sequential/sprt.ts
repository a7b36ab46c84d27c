import type { EventCount } from "../event_count.ts";

/** Hypotheses and error probabilities of {@linkcode sprt}. */
export interface SprtOptions {
  /** Rate of events under the null hypothesis, above 0. */
  readonly nullRate: number;
  /**
   * Rates of events under the alternative hypothesis, each above `nullRate` and below 1. With several, the ratio is the
   * mean of theirs: one test then finds a small difference in time and a large one at once.
   */
  readonly alternativeRates: readonly number[];
  /** Probability of deciding for the alternative although the null hypothesis is true. */
  readonly alpha: number;
  /** Probability of deciding for the null hypothesis although one of the alternative rates is true. */
  readonly beta: number;
}

/** State of a sequential test. */
export interface SprtResult {
  /** Natural logarithm of the likelihood ratio, alternative to null hypothesis. */
  readonly logRatio: number;
  /** At or below this value of `logRatio`, the null hypothesis is accepted. */
  readonly lower: number;
  /** At or above this value of `logRatio`, the alternative is accepted. */
  readonly upper: number;
  /** The accepted hypothesis; `open` between the bounds. */
  readonly decision: "null" | "alternative" | "open";
}

/**
 * Evaluate Wald's sequential probability ratio test of a rate. It may be evaluated after each trial. The probability
 * that the ratio ever reaches the upper bound under the null hypothesis is at most `alpha / (1 - beta)`, however long
 * the test goes on (Ville's inequality). Several alternative rates have equal weights (a weight function, Wald 1947); the
 * lower bound is lower by the logarithm of their number, so that `beta` holds for each of them.
 *
 * @throws {RangeError} If a count, a rate or a probability is not valid
 */
export function sprt(counts: EventCount, options: SprtOptions): SprtResult {
  const { events, trials } = counts;
  const { nullRate, alternativeRates, alpha, beta } = options;
  if (!Number.isSafeInteger(trials) || !Number.isSafeInteger(events) || events < 0 || events > trials) {
    throw new RangeError(`Cannot test a rate: ${events} of ${trials} is not a valid count`);
  }
  const areRising = nullRate > 0 && alternativeRates.every((rate) => nullRate < rate && rate < 1);
  if (!areRising || alternativeRates.length === 0) {
    throw new RangeError(
      `Cannot test a rate: ${nullRate} and ${alternativeRates.join(", ")} must rise between 0 and 1`,
    );
  }
  if (!(alpha > 0 && beta > 0 && alpha + beta < 1)) {
    throw new RangeError(`Cannot test a rate: alpha ${alpha} and beta ${beta} must be above 0, with a sum below 1`);
  }
  const logRatio = logMean(
    alternativeRates.map((rate) =>
      events * Math.log(rate / nullRate) + (trials - events) * Math.log((1 - rate) / (1 - nullRate))
    ),
  );
  const lower = Math.log(beta / (1 - alpha) / alternativeRates.length);
  const upper = Math.log((1 - beta) / alpha);
  return { logRatio, lower, upper, decision: decide(logRatio, lower, upper) };
}

/** Return the logarithm of the mean of numbers that are given by their logarithms and may be too large themselves. */
function logMean(logarithms: readonly number[]): number {
  const most = Math.max(...logarithms);
  return most + Math.log(logarithms.reduce((sum, one) => sum + Math.exp(one - most), 0) / logarithms.length);
}

function decide(logRatio: number, lower: number, upper: number): SprtResult["decision"] {
  if (logRatio >= upper) return "alternative";
  return logRatio <= lower ? "null" : "open";
}
