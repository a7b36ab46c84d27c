import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import { type Estimate, hodgesLehmannRatio } from "../../stats/mod.ts";

/**
 * Compute the noise floor of a benchmark: from its further runs of equal code, or from its own odd and even runs if it
 * has none.
 *
 * @param benchmark Samples of the baseline, in the order of the runs, and further runs of the same code
 * @returns The floor as a fraction; `null` if there are too few numbers, or a number is not positive
 */
export function noiseFloorOf({ samples, again }: Pick<MeasuredBenchmark, "samples" | "again">): number | null {
  return again.length > 0 ? noiseFloor(samples, again) : ownNoiseFloor(samples);
}

/** Minimum number of samples per side for a noise floor. */
const MIN_SAMPLES = 4;

/**
 * Compute how much runs of identical code differ in one session: half the width of the interval of their ratio, or the
 * distance of the ratio from 1 if that is larger. A difference below the floor is noise.
 *
 * @param first Positive numbers
 * @param second More runs of the same code, interleaved with the first
 * @returns The floor as a fraction, such as 0.03 for 3%; `null` if a side has fewer than four numbers, or a number is
 * not positive
 */
export function noiseFloor(first: readonly number[], second: readonly number[]): number | null {
  if (Math.min(first.length, second.length) < MIN_SAMPLES) return null;
  if ([...first, ...second].some((value) => !(value > 0))) return null;
  const ratio = hodgesLehmannRatio(first, second);
  return Math.max(halfWidth(ratio), Math.max(ratio.value, 1 / ratio.value) - 1);
}

/**
 * Estimate the noise floor of a sample without separate runs of identical code, from its own odd and even runs. The
 * interval of half a sample is √2 times as wide as that of the whole sample, so the floor is reduced by that factor on
 * the logarithmic scale.
 *
 * @param samples Positive numbers, in the order of the runs
 * @returns The floor as a fraction; `null` if there are fewer than eight numbers, or a number is not positive
 */
export function ownNoiseFloor(samples: readonly number[]): number | null {
  const half = (parity: number) => samples.filter((_, index) => index % 2 === parity);
  const floor = noiseFloor(half(0), half(1));
  return floor === null ? null : (1 + floor) ** Math.SQRT1_2 - 1;
}

/**
 * Compute half the width of the interval of a ratio, as a fraction.
 *
 * @param ratio A ratio with interval
 * @returns About 0.05 for an interval from 0.95 to 1.05
 */
export function halfWidth(ratio: Pick<Estimate, "low" | "high">): number {
  return Math.sqrt(ratio.high / ratio.low) - 1;
}
