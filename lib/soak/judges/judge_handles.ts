import { mannKendall, median } from "../../stats/mod.ts";
import type { SeriesPoint } from "../facts/thinned_series.ts";

/** The judgment on a series of open files and sockets. */
export interface HandlesJudgement {
  /** The number of judged points. */
  readonly n: number;
  /** The median of the last quarter minus that of the first quarter; `null` if there are too few points. */
  readonly growth: number | null;
  /** Whether handles leak; `null` if there are too few points. */
  readonly isLeak: boolean | null;
}

/** Minimum number of points of a quarter; the median of fewer points is not reliable. */
const ENOUGH_POINTS = 10;
/** Maximum accepted growth of the median, in handles. */
const MAX_GROWTH = 2;
const MAX_P = 0.01;

/**
 * The number of groups whose means are tested. Adjacent points are correlated, because the same jobs are under way. A
 * test that treats them as independent finds trends where there are none.
 */
const BLOCKS = 8;

/**
 * Judge whether open files and sockets leak. The first fifth of the points is dropped. Of the rest, the median of the
 * last quarter must exceed that of the first by more than two. Jobs under way also hold files, so a busy period at the
 * end would be enough to flag a healthy program. Therefore the means of eight groups must also rise according to the
 * Mann-Kendall test (p < 0.01).
 *
 * @param points A series of handle counts
 * @returns The judgment
 */
export function judgeHandles(points: readonly SeriesPoint[]): HandlesJudgement {
  const values = points.slice(Math.floor(points.length / 5)).map(([, value]) => value);
  const quarter = values.length >> 2;
  if (quarter < ENOUGH_POINTS) return { n: values.length, growth: null, isLeak: null };
  const growth = median(values.slice(-quarter)) - median(values.slice(0, quarter));
  return { n: values.length, growth, isLeak: growth > MAX_GROWTH && mannKendall(blockMeans(values)).p < MAX_P };
}

function blockMeans(values: readonly number[]): readonly number[] {
  return Array.from({ length: BLOCKS }, (_, block) => {
    const [from, to] = [block, block + 1].map((edge) => Math.round(edge * values.length / BLOCKS));
    return values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to! - from!);
  });
}
