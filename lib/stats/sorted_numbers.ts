/**
 * Sort numbers in ascending order into a new array.
 *
 * @param values At least one finite number
 * @returns The sorted copy
 * @throws {RangeError} If there is no number, or one is not finite
 */
export function sortedNumbers(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new RangeError("Cannot describe a sample: it is empty");
  const invalid = values.find((value) => !Number.isFinite(value));
  if (invalid !== undefined) throw new RangeError(`Cannot describe a sample: it holds ${invalid}`);
  return values.toSorted((a, b) => a - b);
}
