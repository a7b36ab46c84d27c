import { escapeHtml } from "../_escape_html.ts";
import { INK, svgChart } from "./_svg_chart.ts";
import type { CurveChart, CurveUnit } from "../report.ts";
import { formatQuantity } from "../format_quantity.ts";

const WIDTH = 860;
const HEIGHT = 260;
/** Styles of the lines, which differ in color and in dashes, for readers who cannot see the colors. */
const LINES = [
  { color: INK.ours, type: "solid" },
  { color: INK.limit, type: "dashed" },
  { color: INK.peer, type: "dotted" },
  { color: INK.text, type: "dashed" },
] as const;
const TIME_UNITS = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "m"], [1000, "s"]] as const;

/** Draw curves over the time of a run. Returns an empty string if no series contains points. */
export function curveChart(chart: CurveChart): string {
  const { unit, title } = chart;
  const series = chart.series.filter(({ points }) => points.length > 0);
  if (series.length === 0) return "";
  const endMs = Math.max(...series.flatMap(({ points }) => points.map(([atMs]) => atMs)), 1);
  const [timeMs, timeName] = TIME_UNITS.find(([size]) => endMs >= 2 * size) ?? TIME_UNITS.at(-1)!;
  const isNamed = series.length > 1;
  const axis = { axisLabel: { color: INK.soft }, splitLine: { lineStyle: { color: INK.line } } };
  return svgChart({
    grid: { left: 76, right: 24, top: isNamed ? 34 : 14, bottom: 30 },
    ...isNamed
      ? { legend: { top: 0, left: 70, textStyle: { color: INK.text }, data: series.map(({ name }) => name) } }
      : {},
    xAxis: {
      type: "value",
      min: 0,
      max: endMs / timeMs,
      axisLine: { lineStyle: { color: INK.line } },
      axisLabel: {
        color: INK.soft,
        showMaxLabel: false,
        formatter: (value: number) => value === 0 ? "0" : `${Number(value.toFixed(2))} ${timeName}`,
      },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis,
      type: "value",
      min: unit === "bytes" ? floorOf(series) : 0,
      splitNumber: 4,
      axisLabel: { color: INK.soft, formatter: (value: number) => formatCurveValue(value, unit) },
    },
    series: series.map(({ name, points }, index) => ({
      type: "line",
      name,
      silent: true,
      symbol: "none",
      sampling: "lttb",
      data: points.map(([atMs, value]) => [atMs / timeMs, value]),
      lineStyle: { width: 1.8, ...LINES[index % LINES.length]! },
      itemStyle: { color: LINES[index % LINES.length]!.color },
    })),
  }, { width: WIDTH, height: HEIGHT, label: escapeHtml(labelOf(title, series, unit)) });
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
export function formatCurveValue(value: number, unit: CurveUnit): string {
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
