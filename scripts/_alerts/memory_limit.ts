import { assertPlainFile, isDenoError, KitError } from "../../lib/base/mod.ts";
import { parseRules, readRulesFile } from "./alerts_config.ts";

/** Where the commands of alerts look for rules by default. */
const RULES = "config/alerts.yml";
const METRIC = "memory_usage_mb";

/**
 * Read the limit that the alert rules of this folder set for the memory of a run: whoever raises it for a large library,
 * or lowers it for a small machine, is told the same by alerts and by `doctor`.
 *
 * @returns MiB; `undefined` without a file, or without such a limit. The commands of alerts say what is wrong with a file
 */
export async function readMemoryLimit(signal: AbortSignal): Promise<number | undefined> {
  try {
    assertPlainFile(RULES, await Deno.stat(RULES));
    const { rules } = parseRules(await readRulesFile(RULES, { signal }), RULES);
    const limits = rules.filter(({ metric, op }) => metric === METRIC && op.startsWith(">")).map(({ threshold }) =>
      threshold
    );
    return limits.length === 0 ? undefined : Math.min(...limits);
  } catch (error) {
    if (error instanceof KitError || isDenoError(error, "NotFound", "NotADirectory", "PermissionDenied")) {
      return undefined;
    }
    throw error;
  }
}
