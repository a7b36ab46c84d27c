import { draw, INK, type Mark, picture, type Plot, roundValues, writeMarks, writePoints } from "./_svg.ts";
import type { CurveChart, CurveUnit } from "../report.ts";
import { formatQuantity } from "../format_quantity.ts";

const WIDTH = 860;
const HEIGHT = 260;
/** Styles of the lines, which differ in color and in dashes, for readers who cannot see the colors. */
const LINES = [
  { stroke: INK.ours },
  { stroke: INK.limit, "stroke-dasharray": "7 4" },
  { stroke: INK.peer, "stroke-dasharray": "2 3" },
  { stroke: INK.text, "stroke-dasharray": "7 4" },
] as const;
const TIME_UNITS = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "m"], [1000, "s"]] as const;

/** Draw curves over the time of a run. Returns an empty string if no series contains points. */
export function curveChart(chart: CurveChart): string {
  const { unit, title } = chart;
  const series = chart.series.filter(({ points }) => points.length > 0);
  if (series.length === 0) return "";
  const plot: Plot = { left: 76, right: WIDTH - 24, top: series.length > 1 ? 34 : 14, bottom: HEIGHT - 30 };
  const endMs = Math.max(...series.flatMap(({ points }) => points.map(([atMs]) => atMs)), 1);
  const low = unit === "bytes" ? floorOf(series) : 0;
  const highest = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)));
  const high = highest > low ? low + (highest - low) * 1.05 : low + 1;
  const x = (atMs: number): number => plot.left + atMs / endMs * (plot.right - plot.left);
  const y = (value: number): number => plot.bottom - (value - low) / (high - low) * (plot.bottom - plot.top);
  const [timeMs, timeName] = TIME_UNITS.find(([size]) => endMs >= 2 * size) ?? TIME_UNITS.at(-1)!;
  const times = roundValues(0, endMs / timeMs, 8).map((time): Mark => ({
    at: x(time * timeMs),
    text: time === 0 ? "0" : `${time} ${timeName}`,
  }));
  const values = roundValues(low, high, 6).flatMap((value) => [
    draw("line", { x1: plot.left, x2: plot.right, y1: y(value), y2: y(value), stroke: INK.line }),
    draw(
      "text",
      { x: plot.left - 8, y: y(value) + 4, "text-anchor": "end", fill: INK.soft },
      formatCurveValue(value, unit),
    ),
  ]);
  const lines = series.map(({ points }, index) =>
    draw("polyline", {
      points: writePoints(outline(points.map(([atMs, value]) => [x(atMs), y(value)]))),
      fill: "none",
      "stroke-width": 1.8,
      ...LINES[index % LINES.length]!,
    })
  );
  return picture([
    ...values,
    ...writeMarks(plot, times),
    ...lines,
    ...series.length > 1 ? drawLegend(series.map(({ name }) => name)) : [],
  ], { width: WIDTH, height: HEIGHT, label: labelOf(title, series, unit) });
}

/** Keep the ends and the extremes of the points that share a column of pixels: a run of days has thousands of points. */
function outline(points: readonly (readonly [x: number, y: number])[]): readonly (readonly [number, number])[] {
  const columns = Map.groupBy(points, ([x]) => Math.floor(x));
  return [...columns.values()].flatMap((column) => {
    if (column.length <= 4) return column;
    const byHeight = column.toSorted(([, a], [, b]) => a - b);
    const kept = new Set([column[0]!, byHeight[0]!, byHeight.at(-1)!, column.at(-1)!]);
    return column.filter((point) => kept.has(point));
  });
}

/** Draw a piece of each line with its name, in places of equal width above the plot. */
function drawLegend(names: readonly string[]): readonly string[] {
  const place = (WIDTH - 100) / names.length;
  return names.flatMap((name, index) => {
    const x = 76 + index * place;
    return [
      draw("line", { x1: x, x2: x + 26, y1: 14, y2: 14, "stroke-width": 1.8, ...LINES[index % LINES.length]! }),
      draw("text", { x: x + 32, y: 18, fill: INK.text }, name),
    ];
  });
}

/**
 * Find the lower end of the axis. It can be above 0, because a slow leak on a large heap would otherwise be invisible.
 * It leaves enough range so that a flat curve is not magnified.
 */
function floorOf(series: CurveChart["series"]): number {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Rounded down to a step like that of the axis marks, so that the lowest label is a round number.
  const step = Math.max(1e6, 10 ** Math.floor(Math.log10(Math.max(1, high))) / 4);
  return Math.max(0, Math.floor((low - Math.max(high - low, 0.2 * high)) / step) * step);
}

/** Format a value with its unit. */
function formatCurveValue(value: number, unit: CurveUnit): string {
  if (unit === "bytes") return formatQuantity(value, "bytes");
  if (unit === "ms") return formatQuantity(value / 1000, "seconds");
  return unit === "count" ? formatQuantity(value, "count") : `${Number(value.toPrecision(3))} MB/s`;
}

function labelOf(title: string, series: CurveChart["series"], unit: CurveUnit): string {
  const parts = series.map(({ name, points }) => {
    const values = points.map(([, value]) => value);
    const words = [Math.min(...values), Math.max(...values), values.at(-1)!].map((value) =>
      formatCurveValue(value, unit)
    );
    return `${name} from ${words[0]} to ${words[1]}, at the end ${words[2]}`;
  });
  return `${title}: ${parts.join("; ")}`;
}
