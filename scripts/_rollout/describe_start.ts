import type { RolloutPlan } from "../../lib/rollout/mod.ts";
import { DEFAULT_ENGINE } from "../_frame/flags.ts";

/**
 * Say what the start of a rollout changes, also for the files that are not in the canary: most people expect that
 * nothing changes for them.
 *
 * @param weight Share of the canary that it begins with, from 0 to 100
 * @returns Sentences, for a person who has not seen a rollout before
 */
export function describeStart({ from, to }: RolloutPlan, weight: number): string {
  if (weight === 100) return `${to} will fetch all files.`;
  // Shares have two decimals.
  const rest = Math.round((100 - weight) * 100) / 100;
  const shares = weight === 0
    ? `${from} will fetch all files.`
    : `${to} will fetch ${weight} % of the files, ${from} the other ${rest} %.`;
  const others = weight === 0 ? "All files" : `The other ${rest} %`;
  const change = from === DEFAULT_ENGINE
    ? `${others} stay with ${from}, the default engine.`
    : `${others} go from ${DEFAULT_ENGINE}, the default engine without a rollout, to ${from}: ` +
      "downloads are slower until the rollout is completed or ended.";
  const end = `If it is aborted, ${from} fetches all files until rollout retry or rollout end.`;
  return `${shares} ${change} ${end}`;
}
