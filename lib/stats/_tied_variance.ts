/** Compute the variance of Kendall's S for `values` in random order, corrected for ties. */
export function tiedVariance(values: readonly number[]): number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5);
  const ties = [...Map.groupBy(values, (value) => value).values()];
  return (spread(values.length) - ties.reduce((sum, { length }) => sum + spread(length), 0)) / 18;
}
