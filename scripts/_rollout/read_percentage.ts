import { KitError } from "../../lib/base/mod.ts";
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
    if (!(error instanceof SyntaxError)) throw error;
    const [state, hint] = error.message.split(": ");
    throw new KitError("usage", `Cannot use --percentage: ${state}`, { hint: hint!, cause: error });
  }
}
