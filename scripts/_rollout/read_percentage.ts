import { KitError, TextError } from "../../lib/base/mod.ts";
import { parsePercentage } from "../../lib/rollout/mod.ts";

/**
 * Read `--percentage`.
 *
 * @param text The value; `undefined` if the flag is not set
 * @returns The percentage, from 0 to 100
 * @throws {KitError} `usage` if it is not a percentage
 */
export function readPercentage(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parsePercentage(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new KitError("usage", `Cannot use --percentage: ${error.state}`, { hint: error.advice, cause: error });
  }
}
