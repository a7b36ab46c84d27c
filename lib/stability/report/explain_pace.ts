import { formatCount, formatDuration } from "../../base/mod.ts";
import type { SoakEvidence } from "../../soak/mod.ts";
import { MAX_LANES, type StabilitySettings } from "../stability_settings.ts";

/**
 * From this wait of a job on, in milliseconds, a run has fallen behind. Less is a burst: several silences at once hold
 * their lanes for six to twelve seconds each.
 */
const BEHIND_MS = 60_000;
/** Share of the pace that a run could keep which is proposed instead, so that bursts have room. */
const ROOM = 0.85;

/**
 * Explain that a run could not keep its pace: what follows for its claims, and which flags to change.
 *
 * @param evidence Its settings, time and schedule
 * @returns A sentence without a period; `null` if it kept its pace
 */
export function explainPace(
  { settings, schedule, actualMs }: Pick<SoakEvidence, "settings" | "schedule" | "actualMs">,
): string | null {
  const { lanes, pace } = settings as Partial<StabilitySettings>;
  const isBehind = schedule.longestWaitMs !== null && schedule.longestWaitMs >= BEHIND_MS;
  if (!isBehind || lanes === undefined || pace === undefined || actualMs <= 0) return null;
  const kept = 1000 * schedule.begun / actualMs;
  const p99 = schedule.p99Ms === null ? "" : ` (p99 ${formatDuration(1000 * Math.round(schedule.p99Ms / 1000))})`;
  const slower = `--pace ${Number((kept * ROOM).toPrecision(2))}`;
  const ways = lanes < MAX_LANES ? `--lanes above ${lanes}, up to ${MAX_LANES}, or ${slower}` : slower;
  return `It could not keep its pace of ${formatRate(pace)}: ${formatCount(lanes, "lane")} began ` +
    `${formatRate(kept)}. The claims hold for the jobs that were done, which are fewer than planned, and the ` +
    `latencies${p99} are mostly time spent waiting for a lane. For the next run, set ${ways}`;
}

function formatRate(perSecond: number): string {
  return `${formatCount(Number(perSecond.toFixed(2)), "job")} a second`;
}
