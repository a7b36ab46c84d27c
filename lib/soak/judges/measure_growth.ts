import { theilSen } from "../../stats/mod.ts";
import type { SeriesPoint } from "../facts/thinned_series.ts";

/** How much a series grows in a day; `null` if there are too few points, or a bound is infinite. */
export interface Growth {
  /** The Theil-Sen slope per day. */
  readonly perDay: number | null;
  /** The one-sided 95% lower confidence bound of the slope per day. */
  readonly lowPerDay: number | null;
  /** The one-sided 95% upper confidence bound of the slope per day. */
  readonly highPerDay: number | null;
}

const ENOUGH_POINTS = 20;
const DAY_MS = 86_400_000;

/**
 * Measure how much a series grows per day. The first two fifths of the points are dropped, because every process warms
 * up.
 *
 * @param points A series of bytes, handles or timers
 * @returns The slope with its bounds
 */
export function measureGrowth(points: readonly SeriesPoint[]): Growth {
  const measured = points.slice(Math.floor(0.4 * points.length));
  if (measured.length < ENOUGH_POINTS) return { perDay: null, lowPerDay: null, highPerDay: null };
  const times = measured.map(([atMs]) => atMs);
  const values = measured.map(([, value]) => value);
  // The bounds of a two-sided 90% interval are one-sided 95% bounds.
  const { slope, low, high } = theilSen(times, values, { confidence: 0.9 });
  return { perDay: slope * DAY_MS, lowPerDay: finite(low * DAY_MS), highPerDay: finite(high * DAY_MS) };
}

/** Replace infinity, which JSON cannot represent, by `null`. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
