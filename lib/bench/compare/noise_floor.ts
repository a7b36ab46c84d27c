import { type Estimate, hodgesLehmannRatio } from "../../stats/mod.ts";

/** Smallest number of samples per side for a noise floor. */
const MIN_SAMPLES = 4;

/**
 * Compute how far runs of equal code differ in one session: half the width of the interval of their ratio, or the
 * distance of the ratio from 1 if that is larger. A difference below the floor is noise.
 *
 * @param first Positive numbers
 * @param second More runs of the same code, interleaved with the first
 * @returns The floor as a share, such as 0.03 for 3 %; `null` with fewer than four numbers a side, or one that is not
 * positive
 */
export function noiseFloor(first: readonly number[], second: readonly number[]): number | null {
  if (Math.min(first.length, second.length) < MIN_SAMPLES) return null;
  if ([...first, ...second].some((value) => !(value > 0))) return null;
  const ratio = hodgesLehmannRatio(first, second);
  return Math.max(halfWidth(ratio), Math.max(ratio.value, 1 / ratio.value) - 1);
}

/**
 * Estimate the noise floor of a sample without separate runs of equal code, from its own odd and even runs. Half of a
 * sample has an interval wider than that of the whole by √2, so the floor is reduced by that factor on the logarithmic
 * scale.
 *
 * @param samples Positive numbers, in the order of the runs
 * @returns The floor as a share; `null` with fewer than eight numbers, or one that is not positive
 */
export function ownNoiseFloor(samples: readonly number[]): number | null {
  const half = (parity: number) => samples.filter((_, index) => index % 2 === parity);
  const floor = noiseFloor(half(0), half(1));
  return floor === null ? null : (1 + floor) ** Math.SQRT1_2 - 1;
}

/**
 * Compute half the width of the interval of a ratio, as a share.
 *
 * @param ratio A ratio with interval
 * @returns About 0.05 for an interval from 0.95 to 1.05
 */
export function halfWidth(ratio: Pick<Estimate, "low" | "high">): number {
  return Math.sqrt(ratio.high / ratio.low) - 1;
}
