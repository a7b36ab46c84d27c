/** Beyond this many times the samples, no number is given. */
const MAX_TIMES = 1000;

/** An estimate whose interval contains a limit. */
export interface OpenEstimate {
  /** The estimate. */
  readonly value: number;
  /** Lower end of its interval. */
  readonly low: number;
  /** Upper end of its interval. */
  readonly high: number;
  /** What the interval contains. */
  readonly limit: number;
}

/**
 * Estimate how many samples it takes until an interval leaves a limit, if the estimate stays as it is; the width of the
 * interval shrinks with the square root of their number.
 *
 * @param n Number of samples so far
 * @returns The number, more than `n`; `null` if a thousand times as many do not decide
 */
export function samplesToDecide(n: number, { value, low, high, limit }: OpenEstimate): number | null {
  const width = value < limit ? high - value : value - low;
  const needed = n * (width / (limit - value)) ** 2;
  return needed < MAX_TIMES * n ? Math.max(Math.ceil(needed), n + 1) : null;
}
