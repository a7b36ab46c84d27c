import { mannKendall, median } from "../../stats/mod.ts";
import type { SeriesPoint } from "../books/thinned_series.ts";

/** What a series of open files and sockets says. */
export interface HandlesJudgement {
  /** Points that are judged. */
  readonly n: number;
  /** How far the last quarter's median lies above the first one's; `null` when there are too few points. */
  readonly growth: number | null;
  /** `null` when there are too few points. */
  readonly isLeak: boolean | null;
}

/** A quarter of fewer points has no median that could be relied on. */
const ENOUGH_POINTS = 10;
/** More than that is too many. */
const MAX_GROWTH = 2;
const MAX_P = 0.01;

/** Neighbours hold the same jobs: a test that takes them for independent sees trends where there are none. */
const BLOCKS = 8;

/**
 * Judge whether open files and sockets are lost: the first fifth is dropped, and of the rest the last quarter's median must
 * lie more than two above the first one's. What is under way holds files too, so a busy spell at the end would accuse a
 * healthy program: the means of eight spells must rise as well, by Mann and Kendall's test.
 *
 * @param points A series of counts
 * @returns The judgement
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
