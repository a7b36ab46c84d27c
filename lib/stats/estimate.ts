/** An estimate with its confidence interval. */
export interface Estimate {
  /** The point estimate. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /**
   * Exact confidence of the interval. It is at least as high as requested if the sample is large enough: five pairs,
   * for example, give only 0.9375.
   */
  readonly confidence: number;
  /** Size of the sample: the number of values or pairs. */
  readonly n: number;
}

/** Options of the functions that return an {@linkcode Estimate}. */
export interface EstimateOptions {
  /**
   * Requested confidence of the interval, between 0 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
}
