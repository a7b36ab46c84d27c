import { type BandApi, bandPlace } from "./_band_place.ts";
import { formatLimit } from "../_format_estimate.ts";
import { escapeHtml } from "../_escape_html.ts";
import { INK, svgChart } from "./_svg_chart.ts";
import type { ReportedTarget } from "../benchmark_report.ts";

const WIDTH = 860;
const ROW = 30;

interface Row {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draw all criteria in one chart: the ratio of each value to its limit on a logarithmic scale, good values on the left
 * of the line. A criterion without an estimate, or with a limit of 0 or less, is omitted. Returns an empty string if
 * none remains.
 */
export function limitChart(targets: readonly ReportedTarget[]): string {
  const rows = targets.flatMap((target) =>
    target.criteria.flatMap((criterion): readonly Row[] => {
      const { estimate, direction, limit, what } = criterion;
      if (estimate === null || limit <= 0) return [];
      const share = (value: number) => clamp(direction === "at most" ? value / limit : limit / value);
      const [low, high] = [share(estimate.low), share(estimate.high)].toSorted((a, b) => a - b);
      return [{
        name: `${target.id}  ${what} ${formatLimit(criterion)}`,
        value: share(estimate.value),
        low: low!,
        high: high!,
      }];
    })
  );
  if (rows.length === 0) return "";
  const reach = Math.max(2, ...rows.map((row) => Math.max(row.high, 1 / row.low)));
  const edge = 2 ** Math.ceil(Math.log2(reach));
  const colorOf = (row: Row) => row.value <= 1 ? INK.ours : INK.limit;
  return svgChart({
    grid: { left: 400, right: 30, top: 8, bottom: 30 },
    xAxis: {
      type: "log",
      logBase: 2,
      min: 1 / edge,
      max: edge,
      axisLine: { show: false },
      axisLabel: {
        color: INK.soft,
        formatter: (value: number) => value === 1 ? "limit" : `${Number(value.toFixed(3))}×`,
      },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: INK.text, width: 385, overflow: "truncate", fontSize: 12.5 },
    },
    series: [{
      type: "custom",
      silent: true,
      encode: { x: [0, 1, 2], y: 3 },
      data: rows.map((row, index) => [row.low, row.high, row.value, index]),
      renderItem(_params: unknown, api: BandApi) {
        const { left, right, middle, y, row } = bandPlace(api);
        const fill = colorOf(rows[row]!);
        return {
          type: "group",
          children: [
            {
              type: "rect",
              shape: { x: left, y: y - 1.5, width: right - left, height: 3 },
              style: { fill, opacity: 0.5 },
            },
            { type: "circle", shape: { cx: middle, cy: y, r: 5 }, style: { fill } },
          ],
        };
      },
      markLine: {
        silent: true,
        symbol: "none",
        label: { show: false },
        data: [{ xAxis: 1 }],
        lineStyle: { color: INK.soft, type: "solid", width: 1.5 },
      },
    }],
  }, { width: WIDTH, height: rows.length * ROW + 42, label: escapeHtml(labelOf(rows)) });
}

/** Limit the range of a ratio: zero has no logarithm, and extreme values need no exact position. */
function clamp(share: number): number {
  return Math.min(256, Math.max(1 / 256, share));
}

function labelOf(rows: readonly Row[]): string {
  return `Share of each limit: ${rows.map((row) => `${row.name}: ${row.value.toFixed(2)}`).join("; ")}`;
}
