/**
 * Sort numbers in ascending order into a new array.
 *
 * @param values At least one finite number
 * @throws {RangeError} If there is no number, or one is not finite
 */
export function sortedNumbers(values: readonly number[]): readonly number[] {
  requireNumbers(values);
  // Estimates spend most of their time on sorting, and this takes a third of the time of a sort by a comparator.
  return Array.from(Float64Array.from(values).sort());
}

/**
 * Refuse a sample that cannot be described.
 *
 * @param values At least one finite number
 * @throws {RangeError} If there is no number, or one is not finite
 */
export function requireNumbers(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError("Cannot describe a sample: it is empty");
  const invalid = values.find((value) => !Number.isFinite(value));
  if (invalid !== undefined) throw new RangeError(`Cannot describe a sample: it holds ${invalid}`);
}
