import { KitError } from "../lib/base/mod.ts";
import type { FlagValues } from "../lib/cli/mod.ts";
import { type DayLimits, parseDayLimits } from "../lib/downloader/mod.ts";

/**
 * What any 24 hours may use.
 *
 * @param flags The command's
 * @returns The limits, if there are any
 * @throws {KitError} `usage` for a text that is none
 */
export function readDayLimits(flags: FlagValues): DayLimits | undefined {
  const text = flags.string("quota");
  if (text === undefined) return undefined;
  try {
    return parseDayLimits(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new KitError("usage", `Cannot use "${text}" for --quota: must be a number of links, a size, or both`, {
      hint: 'Such as "1000, 200G"; a size has its unit: K, M, G or T',
      cause: error,
    });
  }
}
