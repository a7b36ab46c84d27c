/**
 * Estimate a quantile from a histogram's buckets, with linear interpolation in the bucket, as Prometheus does.
 *
 * @param bounds Upper bounds of the buckets, in ascending order
 * @param buckets Number of values in each bucket, not cumulative; one more bucket than there are bounds
 * @param share Which quantile to estimate, from 0 to 1
 * @returns The estimate, or the last bound if the quantile lies above it; `null` if there are no values
 * @throws {RangeError} If the share is not from 0 to 1
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bucketQuantile } from "@civitai-dl/civitai-dl/metrics";
 *
 * // Four values from 1 to 2, and four from 2 to 4.
 * assertEquals(bucketQuantile([1, 2, 4], [0, 4, 4, 0], 0.5), 2);
 * assertEquals(bucketQuantile([1, 2, 4], [0, 4, 4, 0], 0.75), 3);
 * ```
 */
export function bucketQuantile(bounds: readonly number[], buckets: readonly number[], share: number): number | null {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Cannot take a quantile: ${share} is not from 0 to 1`);
  const total = buckets.reduce((sum, amount) => sum + amount, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, bound] of bounds.entries()) {
    const amount = buckets[index] ?? 0;
    if (amount > 0 && below + amount >= rank) {
      const start = index === 0 ? Math.min(0, bound) : bounds[index - 1]!;
      return start + (bound - start) * (rank - below) / amount;
    }
    below += amount;
  }
  return bounds.at(-1) ?? null;
}
