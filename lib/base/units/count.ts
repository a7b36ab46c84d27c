/**
 * Format a number with its noun.
 *
 * @param one The noun for one
 * @param many The noun for any other number
 * @default many {`${one}s`}
 * @returns Such as `1 file`, `2 files` or `0 entries`
 */
export function formatCount(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Whether a value of an unknown document is a whole number that is not negative. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
