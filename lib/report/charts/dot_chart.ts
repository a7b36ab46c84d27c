import { type BandApi, bandPlace } from "./_band_place.ts";
import { INK, svgChart } from "./_svg_chart.ts";
import { escapeHtml } from "../_escape_html.ts";
import type { ReportedChart } from "../benchmark_report.ts";
import { formatQuantity } from "../format_quantity.ts";

const WIDTH = 860;
const ROW = 44;
/** Vertical offsets of the dots in a row, so that equal numbers do not cover each other. */
const SWAY = [0, -7, 7, -3.5, 3.5];

/**
 * Draw each run as a dot, the median as a line across the row, the interval of the median as a band, and limits as
 * dashed lines.
 */
export function dotChart(chart: ReportedChart): string {
  const { title, unit, limits } = chart;
  const series = chart.series.filter((side) => side.median !== null);
  const colors = series.map((side) => side.isOurs ? INK.ours : INK.peer);
  const greatest = Math.max(...series.flatMap((side) => side.values), ...limits.map((limit) => limit.value));
  const bands = series.map(({ median }, row) => [median!.low, median!.high, median!.value, row]);
  const dots = series.flatMap((side, row) =>
    side.values.map((value, index) => ({
      value: [value, row],
      symbolOffset: [0, SWAY[index % SWAY.length]!],
      itemStyle: { color: colors[row]! },
    }))
  );
  return svgChart({
    grid: { left: 210, right: 30, top: limits.length > 0 ? 30 : 8, bottom: 30 },
    xAxis: {
      type: "value",
      min: 0,
      max: greatest * 1.05,
      axisLine: { show: false },
      splitNumber: 6,
      axisLabel: {
        color: INK.soft,
        showMaxLabel: false,
        formatter: (value: number) => value === 0 ? "0" : formatQuantity(value, unit),
      },
      splitLine: { lineStyle: { color: INK.line } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: series.map((side) => side.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: INK.line } },
      axisLabel: { color: INK.text, width: 195, overflow: "truncate", fontSize: 13 },
    },
    series: [{
      type: "custom",
      silent: true,
      data: bands,
      encode: { x: [0, 1, 2], y: 3 },
      renderItem(_params: unknown, api: BandApi) {
        const { left, right, middle, y, row } = bandPlace(api);
        const fill = colors[row]!;
        return {
          type: "group",
          children: [
            {
              type: "rect",
              shape: { x: left, y: y - 9, width: right - left, height: 18 },
              style: { fill, opacity: 0.22 },
            },
            { type: "rect", shape: { x: middle - 1.25, y: y - 14, width: 2.5, height: 28 }, style: { fill } },
          ],
        };
      },
    }, {
      type: "scatter",
      silent: true,
      symbolSize: 7,
      data: dots,
      itemStyle: { opacity: 0.75 },
      markLine: {
        // By default, ECharts rounds the position to two decimals and draws a limit of 15 ms at 20 ms.
        precision: 15,
        silent: true,
        symbol: "none",
        lineStyle: { color: INK.limit, type: "dashed", width: 1.5 },
        data: limits.map(({ label, value }) => ({
          xAxis: value,
          label: { formatter: label, color: INK.limit, position: "start", textBorderWidth: 0, fontSize: 12 },
        })),
      },
    }],
  }, {
    width: WIDTH,
    height: series.length * ROW + 40 + (limits.length > 0 ? 22 : 0),
    label: escapeHtml(labelOf(chart, title)),
  });
}

function labelOf(chart: ReportedChart, title: string): string {
  const parts = chart.series.map(({ name, median }) =>
    `${name} ${median === null ? "none" : formatQuantity(median.value, chart.unit)}`
  );
  return `${title}, medians: ${parts.join("; ")}`;
}
