import { mannKendall, median, theilSen } from "../../stats/mod.ts";
import type { SeriesPoint } from "../facts/thinned_series.ts";

/** The time after the start in which a healthy process gains memory. */
export interface WarmUp {
  /** The length of the warm-up in milliseconds. */
  readonly forMs: number;
  /** The memory that a process may gain in this time, in bytes. */
  readonly growthBytes: number;
}

/** Options of {@linkcode judgeLeak}. */
export interface JudgeLeakOptions {
  /**
   * The warm-up. For a process that was observed for less than this time, growth of at most `growthBytes` is
   * inconclusive.
   *
   * @default {no warm-up}
   */
  readonly warmUp?: WarmUp | undefined;
}

/** How the points of a memory series grow. */
export interface MeasuredGrowth {
  /** The Theil-Sen slope, in bytes per hour. */
  readonly slopePerHour: number;
  /** The one-sided p-value of the Mann-Kendall test. */
  readonly p: number;
  /** The slope times the observed time without its first fifth, in bytes. */
  readonly projected: number;
  /**
   * The growth in bytes that would almost certainly have been detected, which is the power of this verdict; `null` if no
   * growth would.
   */
  readonly detectable: number | null;
}

/** The judgment on a memory series. */
export type LeakJudgement =
  /** There are too few points. */
  | { readonly n: number; readonly isLeak: null; readonly growth: null }
  | {
    /** The number of points of the second half, which is judged. */
    readonly n: number;
    /** Whether memory leaks; `null` if the process may still be warming up. */
    readonly isLeak: boolean | null;
    readonly growth: MeasuredGrowth;
  };

/** Minimum number of points of the judged half; with fewer points, the test has hardly any power. */
const ENOUGH_POINTS = 20;
/** Growth in bytes up to which there is no leak, because a heap may grow this much by chance. */
const MIN_GROWTH_BYTES = 524_288;
/** The same as a fraction of the level: the median of the first quarter of the judged half. */
const MIN_GROWTH_SHARE = 0.02;
const HOUR_MS = 3_600_000;

/**
 * Judge whether memory leaks, from measurements after garbage collection. The first fifth of the points is dropped,
 * because every process warms up. The second half of the rest must rise according to all of three criteria: the
 * Mann-Kendall test (p < 0.01), the Theil-Sen slope (lower bound above 0), and a minimum amount of growth. Any single
 * criterion alone would flag healthy programs. All three together still flag a process that warms up for longer than it
 * is observed; `warmUp` handles this case.
 *
 * @param points A series in bytes
 * @param options The warm-up
 * @returns The judgment
 */
export function judgeLeak(points: readonly SeriesPoint[], options: JudgeLeakOptions = {}): LeakJudgement {
  const { warmUp = { forMs: 0, growthBytes: 0 } } = options;
  const warm = points.slice(Math.floor(points.length / 5));
  const half = warm.slice(Math.floor(warm.length / 2));
  const n = half.length;
  if (n < ENOUGH_POINTS) return { n, isLeak: null, growth: null };
  const times = half.map(([atMs]) => atMs);
  const values = half.map(([, value]) => value);
  const { p } = mannKendall(values);
  // The lower bound of a two-sided 90% interval is a one-sided 95% bound.
  const { slope, low } = theilSen(times, values, { confidence: 0.9 });
  const spanMs = warm.at(-1)![0] - warm[0]![0];
  const level = median(values.slice(0, Math.max(1, n >> 2)));
  const threshold = Math.max(MIN_GROWTH_BYTES, MIN_GROWTH_SHARE * level);
  const projected = slope * spanMs;
  const rises = p < 0.01 && low > 0 && projected > threshold;
  const isYoung = points.at(-1)![0] - points[0]![0] < warmUp.forMs;
  const isOpen = rises && isYoung && projected <= warmUp.growthBytes;
  return {
    n,
    isLeak: isOpen ? null : rises,
    growth: {
      p,
      projected,
      slopePerHour: slope * HOUR_MS,
      // To be detected, growth must exceed the threshold, the warm-up, and the slope's uncertainty on both sides.
      detectable: finite(Math.max(threshold, isYoung ? warmUp.growthBytes : 0, 2 * (slope - low) * spanMs)),
    },
  };
}

/** Replace infinity, which JSON cannot represent, by `null`. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
