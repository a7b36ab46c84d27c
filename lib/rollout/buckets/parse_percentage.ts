import { TextError } from "../../base/mod.ts";
import { hasTwoDecimals } from "./percentage.ts";

/**
 * Parse a percentage of a rollout.
 *
 * @param text A number from 0 to 100 with at most two decimals, such as `10`, `0.01` or `12.5%`
 * @returns The percentage
 * @throws {TextError} If it is not such a number
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
  if (number === undefined) throw new TextError(`"${text}" is not a percentage`, wanted);
  const percentage = Number(number);
  if (percentage < 0) throw new TextError(`"${text}" is below 0`, wanted);
  if (percentage > 100) throw new TextError(`"${text}" is above 100`, wanted);
  if (!hasTwoDecimals(percentage)) {
    throw new TextError(`"${text}" has more than two decimals`, "A hundredth of a percent is the smallest step");
  }
  // Not -0, which would be shown as a number below 0.
  return Math.abs(percentage);
}
