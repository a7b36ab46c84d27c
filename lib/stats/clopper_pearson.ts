import { rateLowerEnd } from "./_rate_lower_end.ts";

/** Counts and confidence for {@linkcode clopperPearson}. */
export interface ClopperPearsonOptions {
  /** Number of events: an integer from 0 to `trials`. */
  readonly events: number;
  /** Number of trials, at least 1. */
  readonly trials: number;
  /**
   * Confidence of the interval, between 0 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
  /**
   * Whether the interval is two-sided (`both`) or one-sided. With `lower` only the lower end is computed and the upper
   * end is 1. With `upper` only the upper end is computed and the lower end is 0.
   *
   * @default {"both"}
   */
  readonly side?: "both" | "lower" | "upper" | undefined;
}

/** Confidence interval of a rate. */
export interface RateInterval {
  /** Lower end, at least 0. */
  readonly low: number;
  /** Upper end, at most 1. */
  readonly high: number;
}

/**
 * Compute the exact confidence interval of a rate from a count (Clopper and Pearson). For example, no events in 299
 * trials give an upper end of 1% at a one-sided confidence of 95%.
 *
 * @throws {RangeError} If a count is not a valid integer, or the confidence is not between 0 and 1
 */
export function clopperPearson(options: ClopperPearsonOptions): RateInterval {
  const { events, trials, confidence = 0.95, side = "both" } = options;
  if (!Number.isSafeInteger(trials) || trials < 1 || !Number.isSafeInteger(events) || events < 0 || events > trials) {
    throw new RangeError(`Cannot bound a rate: ${events} of ${trials} is not a valid count`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot bound a rate: confidence ${confidence} is not between 0 and 1`);
  }
  const alpha = side === "both" ? (1 - confidence) / 2 : 1 - confidence;
  return {
    low: side === "upper" ? 0 : rateLowerEnd(events, trials, alpha),
    high: side === "lower" ? 1 : 1 - rateLowerEnd(trials - events, trials, alpha),
  };
}
