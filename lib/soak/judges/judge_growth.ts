import { theilSen } from "../../stats/mod.ts";
import type { WarmUp } from "./judge_leak.ts";
import type { SeriesPoint } from "../records/thinned_series.ts";

/** Options of {@linkcode judgeGrowth}. */
export interface JudgeGrowthOptions {
  /** The growth per day that is a leak, in the unit of the points. */
  readonly limitPerDay: number;
  /**
   * Whether the series rises at all by the rule for short runs; `null` if there are too few points for it. A slope alone
   * would accuse a healthy process whose memory or files go up and down.
   */
  readonly rises: boolean | null;
  /**
   * The warm-up. What a younger process gains may be warm-up, so it never passes.
   *
   * @default {no warm-up}
   */
  readonly warmUp?: Pick<WarmUp, "forMs"> | undefined;
}

/** The judgment on the growth of a series, extrapolated to a day. Numbers are `null` if there are too few points. */
export interface GrowthJudgement {
  /** The number of judged points. */
  readonly n: number;
  /** The Theil-Sen slope per day. */
  readonly perDay: number | null;
  /** The one-sided 95% lower confidence bound of the slope per day; `null` if infinite. */
  readonly lowPerDay: number | null;
  /** The one-sided 95% upper confidence bound of the slope per day; `null` if infinite. */
  readonly highPerDay: number | null;
  /** Whether it leaks; `null` if the points allow both answers. */
  readonly isLeak: boolean | null;
}

const ENOUGH_POINTS = 20;
const DAY_MS = 86_400_000;

/**
 * Judge how much a series grows per day. The first two fifths of the points are dropped, because every process warms
 * up. It is a leak if the lower bound of the slope reaches the limit, and the series rises by the rule for short runs
 * too. It is none if the upper bound stays below the limit. Otherwise, and for a process younger than its warm-up, the
 * points allow both answers; but a young process that rises by the rule for short runs leaks.
 *
 * @param points A series of bytes, handles or timers
 * @param options The limit, and what the rule for short runs found
 * @returns The judgment
 */
export function judgeGrowth(points: readonly SeriesPoint[], options: JudgeGrowthOptions): GrowthJudgement {
  const { limitPerDay, rises, warmUp = { forMs: 0 } } = options;
  const judged = points.slice(Math.floor(0.4 * points.length));
  const n = judged.length;
  if (n < ENOUGH_POINTS) return { n, perDay: null, lowPerDay: null, highPerDay: null, isLeak: null };
  const times = judged.map(([atMs]) => atMs);
  const values = judged.map(([, value]) => value);
  // The bounds of a two-sided 90% interval are one-sided 95% bounds.
  const { slope, low, high } = theilSen(times, values, { confidence: 0.9 });
  const isYoung = points.at(-1)![0] - points[0]![0] < warmUp.forMs;
  const leaks = rises === true && (isYoung || low * DAY_MS >= limitPerDay);
  const isProven = !isYoung && high * DAY_MS < limitPerDay;
  return {
    n,
    perDay: slope * DAY_MS,
    lowPerDay: finite(low * DAY_MS),
    highPerDay: finite(high * DAY_MS),
    isLeak: leaks ? true : isProven ? false : null,
  };
}

/** Replace infinity, which JSON cannot represent, by `null`. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
