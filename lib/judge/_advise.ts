import { normalQuantile, samplesToDecide, timesToDecide } from "../stats/mod.ts";
import { type Limit, meets } from "./requirement.ts";
import type { Claim, Effort, GrowthSeries, RatioEvidence } from "./claim.ts";
import { formatTrials } from "./format_amount.ts";
import { spanVerdict } from "./_span_verdict.ts";

/** What would decide a claim that is open. */
export interface Advice {
  readonly reason: string;
  readonly decides?: string | undefined;
}

/** A process is not watched for longer than this to decide about one claim. */
const MAX_WATCHED_MS = 30 * 86_400_000;
/** Beyond this many times the samples, no number is given. */
const MAX_TIMES = 1000;

/**
 * Say how much longer a run must be, if it goes on like this.
 *
 * @param times How many times as long; `null` if no length that is worth trying decides
 * @param claim What was measured, and by how much work
 */
export function advise(times: number | null, { trials, counted = "", effort }: Claim): Advice {
  if (times === null) return { reason: "so close to the limit, no run of any length would decide" };
  const needed = formatTrials(Math.ceil(times * trials), counted);
  return {
    reason: `if it stays like this, about ${times.toFixed(1)} times as much would decide (${needed})`,
    ...effort === undefined ? {} : { decides: flagOf(effort, times) },
  };
}

/** Format the flag for a run that is so many times as long; a duration in whole hours, or minutes below one. */
function flagOf({ flag, amount }: Effort, times: number): string {
  const needed = times * amount;
  if (flag !== "--duration") return `${flag} ${Math.ceil(needed)}`;
  const minutes = Math.ceil(needed / 60_000);
  return `${flag} ${minutes < 60 ? `${minutes}m` : `${Math.ceil(minutes / 60)}h`}`;
}

/** How many times as many trials decide about a rate that stays as it is. */
export function timesOfRate({ events, trials }: Claim, limit: Limit, confidence: number): number | null {
  const wanted = meets(limit, events! / trials) ? "pass" : "fail";
  const found = timesToDecide(
    { events: events!, trials, confidence },
    ({ low, high }) => spanVerdict(limit, low, high) === wanted,
  );
  return found?.times ?? null;
}

/** How many times as many samples it takes until an interval leaves the limit. */
export function timesOfInterval({ estimate, low, high, trials }: Claim, { value: limit }: Limit): number | null {
  if (estimate === null || low === null || high === null || estimate === limit) return null;
  const samples = samplesToDecide(trials, { value: estimate, low, high, limit });
  return samples === null ? null : samples / trials;
}

/** How many times as many runs bring a p-value below the level: its quantile grows with their square root. */
export function timesOfTest(p: number, level: number, { family }: RatioEvidence): number | null {
  const found = p / family;
  const times = found < 0.5 ? (normalQuantile(level / family) / normalQuantile(found)) ** 2 : Infinity;
  return times < MAX_TIMES ? times : null;
}

/**
 * For how many times as long one process must be watched until its slope is known well enough. With one measurement a
 * minute, the width of the interval of a slope shrinks with the time to the power of 3/2.
 */
export function timesOfGrowth(
  { estimate, low, high }: Claim,
  { value: limit }: Limit,
  { watchedMs, warmUpMs }: GrowthSeries,
): number | null {
  const end = estimate! < limit ? high : low;
  const width = end === null ? Infinity : Math.abs(end - estimate!);
  const times = Math.max((width / Math.abs(limit - estimate!)) ** (2 / 3), 1.1, warmUpMs / watchedMs);
  return times * watchedMs <= MAX_WATCHED_MS ? times : null;
}
