import { type Estimate, hodgesLehmannRatio } from "../../stats/mod.ts";

/** Fewer numbers a side say nothing of the noise. */
const LEAST = 4;

/**
 * How far runs of equal code differ in one session: half the width of the interval of their ratio, or the distance of
 * the ratio from 1 if that is more. A difference below it is none.
 *
 * @param first Positive numbers
 * @param second More of the same code, taken in turn with the first
 * @returns The floor as a share, 0.03 for three percent; `null` if fewer than four a side tell nothing
 */
export function noiseFloor(first: readonly number[], second: readonly number[]): number | null {
  if (Math.min(first.length, second.length) < LEAST) return null;
  if ([...first, ...second].some((value) => !(value > 0))) return null;
  const ratio = hodgesLehmannRatio(first, second);
  return Math.max(halfWidth(ratio), Math.max(ratio.value, 1 / ratio.value) - 1);
}

/**
 * The noise floor of a sample that has no runs of equal code beside it: from its own odd and even runs. Halves are less
 * sure than the whole, by the root of two, which is taken off.
 *
 * @param samples Positive numbers, in the order of the runs
 * @returns The floor as a share; `null` if there are fewer than eight
 */
export function ownNoiseFloor(samples: readonly number[]): number | null {
  const half = (parity: number) => samples.filter((_, index) => index % 2 === parity);
  const floor = noiseFloor(half(0), half(1));
  return floor === null ? null : (1 + floor) ** Math.SQRT1_2 - 1;
}

/**
 * Half the width of the interval of a ratio, as a share.
 *
 * @param ratio A ratio with interval
 * @returns 0.05 for an interval from 0.95 to 1.05, nearly
 */
export function halfWidth(ratio: Pick<Estimate, "low" | "high">): number {
  return Math.sqrt(ratio.high / ratio.low) - 1;
}
