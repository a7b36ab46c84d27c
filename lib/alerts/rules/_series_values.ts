/** Maximum number of values in a series. */
const MAX_VALUES = 100_000;

/**
 * Parse the values of a series in promtool's notation: `1 2 3`, `5x10` (5, and ten more), `0+2x5` (0, and five more,
 * each 2 above the previous), `10-1x3`, `_` and `_x5` (no data). Values may be percentages: `6%x3`.
 */
export function parseSeriesValues(text: string): readonly (number | null)[] {
  const values: (number | null)[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const gap = /^_(?:x(\d+))?$/.exec(word);
    const match = /^(-?\d+(?:\.\d+)?)(%)?(?:([+-]\d+(?:\.\d+)?)(%)?)?(?:x(\d+))?$/.exec(word);
    if (gap === null && (match === null || (match[3] !== undefined && match[5] === undefined))) {
      throw new SyntaxError(`Cannot read the value "${word}": write 1, 5x10, 0+2x5 or _x5`);
    }
    const count = Number(gap?.[1] ?? match?.[5] ?? 0);
    const length = gap === null ? count + 1 : Math.max(1, count);
    if (values.length + length > MAX_VALUES) throw new SyntaxError(`Cannot read the values: more than ${MAX_VALUES}`);
    for (let index = 0; index < length; index++) values.push(gap === null ? valueAt(match!, index) : null);
  }
  return values;
}

function valueAt(match: RegExpExecArray, index: number): number {
  const [, start, isPercent, step, isStepPercent] = match;
  const value = scale(start!, isPercent) + index * scale(step ?? "0", isStepPercent ?? isPercent);
  // Remove the binary rounding error: 0.1 plus two steps of 0.1 must be 0.3.
  return Number(value.toPrecision(12));
}

function scale(text: string, percent: string | undefined): number {
  return percent === undefined ? Number(text) : Number(text) / 100;
}
