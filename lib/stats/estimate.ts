/** An estimate with the interval that the truth is in. */
export interface Estimate {
  /** The best single number. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /**
   * How sure the interval is, by exact count. At least what was asked for if the sample can give it; a small sample
   * cannot, and then this says what it gives: 0.9375 for five pairs.
   */
  readonly confidence: number;
  /** Numbers, or pairs, that it rests on. */
  readonly n: number;
}

/** Options of all that gives an {@linkcode Estimate}. */
export interface EstimateOptions {
  /**
   * How sure the interval is to be.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
}
