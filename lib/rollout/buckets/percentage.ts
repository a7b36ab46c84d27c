import { BUCKETS } from "./bucket_of.ts";

const HUNDREDTHS = BUCKETS / 100;

/** Thrown for text that is no percentage of a rollout. The message says why, and what to write. */
export class PercentageError extends SyntaxError {
  /** The name shown in stack traces. */
  override name = "PercentageError";
  /** Why it is none. */
  readonly reason: string;
  /** What to write. */
  readonly hint: string;

  /**
   * Create the error.
   *
   * @param reason Why the text is no percentage
   * @param hint What to write
   */
  constructor(reason: string, hint: string) {
    super(`${reason}: ${hint}`);
    this.reason = reason;
    this.hint = hint;
  }
}

/**
 * Parse a percentage of a rollout.
 *
 * @param text A number from 0 to 100 with at most two decimals, such as `10`, `0.01` or `12.5%`
 * @returns The percentage
 * @throws {PercentageError} If it is not such a number
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { parsePercentage } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals(parsePercentage("0.01"), 0.01);
 * assertThrows(() => parsePercentage("101"), SyntaxError, "above 100");
 * ```
 */
export function parsePercentage(text: string): number {
  const number = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*%?\s*$/.exec(text)?.[1];
  const wanted = "Write a number from 0 to 100, such as 10 or 0.5";
  if (number === undefined) throw new PercentageError(`"${text}" is not a percentage`, wanted);
  const percentage = Number(number);
  if (percentage < 0) throw new PercentageError(`"${text}" is below 0`, wanted);
  if (percentage > 100) throw new PercentageError(`"${text}" is above 100`, wanted);
  if (!hasTwoDecimals(percentage)) {
    throw new PercentageError(`"${text}" has more than two decimals`, "A hundredth of a percent is the smallest step");
  }
  // Not -0, which would be shown as a number below 0.
  return Math.abs(percentage);
}

/** Whether a number is a multiple of a hundredth. */
export function hasTwoDecimals(value: number): boolean {
  return Math.abs(value * HUNDREDTHS - Math.round(value * HUNDREDTHS)) < 1e-9;
}

/** Convert a percentage to a number of buckets. */
export function bucketsOf(percentage: number): number {
  return Math.round(percentage * HUNDREDTHS);
}
