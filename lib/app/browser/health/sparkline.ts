const WIDTH = 600;
const HEIGHT = 100;
/** The view box of the chart. */
export const SPARK_BOX = `0 0 ${WIDTH} ${HEIGHT}`;
/** Up to this share of the width, the label of the first point has room beside that of the last one. */
const YOUNG_SHARE = 0.8;

/** Where a label is, as a fraction of the width from one edge. */
export interface SparkPlace {
  readonly left?: number;
  readonly right?: number;
}

/** The curve and the area below it as SVG paths, the newest point at the right edge. */
export function sparkPaths(
  history: readonly number[],
  slots = 120,
): { readonly curve: string; readonly area: string; readonly peak: number } {
  const points = history.length === 1 ? [...history, ...history] : history;
  if (points.length === 0) return { curve: "", area: "", peak: 0 };
  const peak = Math.max(...points);
  const step = WIDTH / (Math.max(slots, points.length) - 1);
  const left = WIDTH - step * (points.length - 1);
  const place = (value: number, index: number): string => {
    const y = HEIGHT - (peak > 0 ? Math.max(0, value) / peak * (HEIGHT - 8) : 0) - 1;
    return `${(left + index * step).toFixed(1)} ${y.toFixed(1)}`;
  };
  const curve = `M${points.map(place).join("L")}`;
  return { curve, area: `${curve}L${WIDTH} ${HEIGHT}L${left.toFixed(1)} ${HEIGHT}Z`, peak };
}

/**
 * Positions of the labels of the first point and of the peak, as fractions of the width: from the left edge in the left
 * half, from the right edge in the right half, so that no text leaves the chart. `from` is `null` while the chart is so
 * young that its first point is where the label of the last one is.
 */
export function sparkLabels(
  history: readonly number[],
  slots = 120,
): { readonly from: SparkPlace | null; readonly peak: SparkPlace } {
  const points = Math.max(2, history.length);
  const first = 1 - (points - 1) / (Math.max(slots, points) - 1);
  const highest = history.length === 0 ? 0 : history.lastIndexOf(Math.max(...history));
  const peak = first + (1 - first) * highest / (points - 1);
  const side = (share: number): SparkPlace => share <= 0.5 ? { left: share } : { right: 1 - share };
  return { from: first > YOUNG_SHARE ? null : side(first), peak: side(peak) };
}
