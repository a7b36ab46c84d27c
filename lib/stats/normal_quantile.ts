import { normalTail } from "./normal_tail.ts";

/**
 * Find the value that a standard normal variable exceeds with a given probability: the inverse of
 * {@linkcode normalTail}.
 *
 * @param tail Probability, between 0 and 1
 * @returns The value z, for example 1.96 for 0.025
 * @throws {RangeError} If the probability is not between 0 and 1
 */
export function normalQuantile(tail: number): number {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`Cannot find a quantile: ${tail} is not between 0 and 1`);
  if (tail > 0.5) return -normalQuantile(1 - tail);
  let low = 0;
  let high = 40;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
