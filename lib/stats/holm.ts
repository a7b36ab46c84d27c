/**
 * Adjust the p-values of tests that are evaluated together (Holm's step-down variant of the Bonferroni correction). If
 * each adjusted value is compared with the same level, the probability of one or more false alarms does not exceed that
 * level.
 *
 * @param pValues Numbers from 0 to 1, in any order
 * @returns The adjusted values in the same order, each at least as large as the original and at most 1
 * @throws {RangeError} If a value is not from 0 to 1
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const invalid = pValues.find((p) => !(p >= 0 && p <= 1));
  if (invalid !== undefined) throw new RangeError(`Cannot adjust p-values: ${invalid} is not from 0 to 1`);
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length);
  let greatest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = greatest;
  }
  return adjusted;
}
