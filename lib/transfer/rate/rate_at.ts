import type { RateSchedule } from "../../base/mod.ts";

/** The rate at a given moment. */
export interface RateNow {
  /** Bytes per second; `null` if unlimited. */
  readonly bytesPerSecond: number | null;
  /** When the rate changes next, milliseconds since the epoch; `null` for never. */
  readonly changesAtMs: number | null;
}

const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/**
 * Look up the rate that a schedule sets at a moment, in local time.
 *
 * @param schedule The schedule
 * @param date The moment
 * @returns The rate, and when it changes next
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRateSchedule, rateAt } from "@civitai-dl/civitai-dl/transfer";
 *
 * const schedule = parseRateSchedule("08:00-23:00 5M, 20M");
 * const { bytesPerSecond } = rateAt(schedule, new Date(2026, 0, 5, 12));
 * assertEquals(bytesPerSecond, 5 * 1024 * 1024);
 * ```
 */
export function rateAt(schedule: RateSchedule, date: Date): RateNow {
  const { spans, otherwise } = schedule;
  const minute = date.getDay() * DAY_MINUTES + date.getHours() * 60 + date.getMinutes();
  const rateOf = (weekMinute: number) => {
    const span = spans.find(({ fromMinute, toMinute }) => fromMinute <= weekMinute && weekMinute < toMinute);
    return span === undefined ? otherwise : span.bytesPerSecond;
  };
  const bytesPerSecond = rateOf(minute);
  const next = spans.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute % WEEK_MINUTES])
    .filter((boundary) => rateOf(boundary) !== rateOf((boundary + WEEK_MINUTES - 1) % WEEK_MINUTES))
    // Minutes from now, from 1 to a whole week.
    .map((boundary) => (boundary - minute - 1 + WEEK_MINUTES) % WEEK_MINUTES + 1);
  if (next.length === 0) return { bytesPerSecond, changesAtMs: null };
  const changesAt = new Date(date);
  // Computed in the local calendar, because a day on which the clocks change does not have 24 hours.
  changesAt.setHours(date.getHours(), date.getMinutes() + Math.min(...next), 0, 0);
  return { bytesPerSecond, changesAtMs: Math.max(changesAt.getTime(), date.getTime() + 1) };
}
