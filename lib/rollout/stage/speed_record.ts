/** Comparisons of the speed of both engines since the share last changed. */
export interface SpeedRecord {
  /** Number of comparisons. */
  readonly comparisons: number;
  /** Comparisons in which what is rolled out was slower by more than the plan allows. */
  readonly slow: number;
  /** Results of the last comparisons, oldest first; at most {@linkcode MAX_RATIOS}. See {@linkcode addSpeed}. */
  readonly ratios: readonly number[];
}

/** Results that a record keeps, for the median that is shown. */
export const MAX_RATIOS = 64;

/** A record without comparisons. */
export const EMPTY_SPEED: SpeedRecord = { comparisons: 0, slow: 0, ratios: [] };

/**
 * Add a comparison to a record.
 *
 * @param record The record
 * @param ratio Speed of what is rolled out as a multiple of that of the stable alternative, both measured at the same
 * time under the same load; one comparison shares no measurement with another
 * @param maxDrop From what decrease on the comparison counts as slow: 0.2 is a fifth
 * @returns The new record
 * @throws {RangeError} If the ratio is not a positive number
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSpeed, EMPTY_SPEED } from "@civitai-dl/civitai-dl/rollout";
 *
 * const record = [1.1, 0.7, 0.95].reduce((sum, ratio) => addSpeed(sum, ratio, 0.2), EMPTY_SPEED);
 * assertEquals([record.comparisons, record.slow], [3, 1]);
 * ```
 */
export function addSpeed(record: SpeedRecord, ratio: number, maxDrop: number): SpeedRecord {
  if (!(ratio > 0 && ratio < Infinity)) throw new RangeError(`Cannot count a speed: ${ratio} is not a positive number`);
  // Four digits are more than a measurement has, and keep the state file small.
  const rounded = Math.max(0.0001, Math.round(ratio * 10_000) / 10_000);
  return {
    comparisons: record.comparisons + 1,
    slow: record.slow + (ratio < 1 - maxDrop ? 1 : 0),
    ratios: [...record.ratios, rounded].slice(-MAX_RATIOS),
  };
}
