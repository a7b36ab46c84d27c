import { mannKendall, median, theilSen } from "../../stats/mod.ts";
import type { SeriesPoint } from "../books/thinned_series.ts";

/** A beginning in which a healthy process gains memory. */
export interface WarmUp {
  /** How long it lasts, in milliseconds. */
  readonly forMs: number;
  /** What it may gain in that time, in bytes. */
  readonly growthBytes: number;
}

/** Options of {@linkcode judgeLeak}. */
export interface JudgeLeakOptions {
  /**
   * Growth that is no leak, in bytes: what a heap may gain by chance.
   *
   * @default {524288}
   */
  readonly minGrowthBytes?: number | undefined;
  /**
   * Growth that is no leak, as part of the level.
   *
   * @default {0.02}
   */
  readonly minGrowthShare?: number | undefined;
  /**
   * Whether what a younger process gains is a leak stays open, unless it is more than warming up can be.
   *
   * @default {no time, and so nothing}
   */
  readonly warmUp?: WarmUp | undefined;
}

/** What a series says of a leak. */
export interface LeakJudgement {
  /** Points of the second half, which is judged. */
  readonly n: number;
  /** `null` when there are too few points, or when a process may still be warming up. */
  readonly isLeak: boolean | null;
  /** The level at the beginning of the judged half. */
  readonly level: number | null;
  /** By hour. */
  readonly slopePerHour: number | null;
  /** Lower end of the slope's interval, one-sided 95 %. */
  readonly lowPerHour: number | null;
  /** Upper end, likewise. */
  readonly highPerHour: number | null;
  /** Of Mann and Kendall's test, one-sided. */
  readonly p: number | null;
  /** What the slope makes of the time that was watched, without its beginning. */
  readonly projectedGrowth: number | null;
  /** Growth that would have been found with near certainty; the power of this verdict. */
  readonly detectableGrowth: number | null;
}

/** Fewer points than that, and the test can hardly be sure of anything. */
const ENOUGH_POINTS = 20;
const HOUR_MS = 3_600_000;

/**
 * Judge whether memory is lost, from looks after a collection of garbage. The first fifth is dropped, because everything
 * warms up, and of the rest the second half counts: it must rise by Mann and Kendall's test (p < 0.01), by Theil and
 * Sen's slope (lower end above 0), and by an amount that matters. Any of the three alone accuses healthy programs, and
 * all three together those that take longer to warm up than they are watched: `warmUp` says how long that is.
 *
 * @param points A series in bytes
 * @param options What matters
 * @returns The judgement
 */
export function judgeLeak(points: readonly SeriesPoint[], options: JudgeLeakOptions = {}): LeakJudgement {
  const { minGrowthBytes = 524_288, minGrowthShare = 0.02, warmUp = { forMs: 0, growthBytes: 0 } } = options;
  const warm = points.slice(Math.floor(points.length / 5));
  const half = warm.slice(Math.floor(warm.length / 2));
  const n = half.length;
  if (n < ENOUGH_POINTS) {
    return {
      n,
      isLeak: null,
      level: null,
      slopePerHour: null,
      lowPerHour: null,
      highPerHour: null,
      p: null,
      projectedGrowth: null,
      detectableGrowth: null,
    };
  }
  const times = half.map(([atMs]) => atMs);
  const values = half.map(([, value]) => value);
  const { p } = mannKendall(values);
  // The lower end of a two-sided 90 % is that of a one-sided 95 %.
  const { slope, low, high } = theilSen(times, values, { confidence: 0.9 });
  const spanMs = warm.at(-1)![0] - warm[0]![0];
  const level = median(values.slice(0, Math.max(1, n >> 2)));
  const threshold = Math.max(minGrowthBytes, minGrowthShare * level);
  const projectedGrowth = slope * spanMs;
  const rises = p < 0.01 && low > 0 && projectedGrowth > threshold;
  const isYoung = points.at(-1)![0] - points[0]![0] < warmUp.forMs;
  const isOpen = rises && isYoung && projectedGrowth <= warmUp.growthBytes;
  return {
    n,
    level,
    p,
    projectedGrowth,
    isLeak: isOpen ? null : rises,
    slopePerHour: slope * HOUR_MS,
    lowPerHour: finite(low * HOUR_MS),
    highPerHour: finite(high * HOUR_MS),
    // The slope has to clear both its own doubt, on either side, and what does not matter.
    detectableGrowth: finite(Math.max(threshold, isYoung ? warmUp.growthBytes : 0, 2 * (slope - low) * spanMs)),
  };
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
