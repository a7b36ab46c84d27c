import { formatDuration, openEvidence, readTextIfExists } from "../../lib/base/mod.ts";
import type { ConditionPlace } from "../../lib/gate/mod.ts";
import { GATE_SCHEMA } from "./gate_document.ts";

/** The durations of the conditions of an earlier gate, in order, in seconds. */
export type EarlierSeconds = readonly number[];

/**
 * Read how long the conditions took when the report was written that is about to be replaced.
 *
 * @param outputs The files that the gate writes
 * @returns `null` if none of them is a report of a gate
 */
export async function readEarlierSeconds(outputs: readonly string[]): Promise<EarlierSeconds | null> {
  for (const path of outputs.filter((one) => one.endsWith(".json"))) {
    try {
      const { rows } = openEvidence(await readTextIfExists(path) ?? "", { schema: GATE_SCHEMA });
      const seconds = (rows as readonly { readonly seconds: unknown }[]).map((row) => row.seconds);
      if (seconds.every((one) => typeof one === "number")) return seconds;
    } catch {
      // It is no report of a gate: only the estimate is lost.
    }
  }
  return null;
}

/** Say how long a gate still takes if each condition takes as long as before; empty if that had other conditions. */
export function describeLeft(earlier: EarlierSeconds | null, { number, count }: ConditionPlace): string {
  if (earlier === null || earlier.length !== count) return "";
  const seconds = earlier.slice(number - 1).reduce((sum, one) => sum + one, 0);
  return `, about ${formatDuration(Math.max(1, Math.round(seconds)) * 1000)} left`;
}
