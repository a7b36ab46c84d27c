import { draw, drawGrid, INK, type Mark, picture, type Plot, roundValues, writeMarks, writeRowName } from "./_svg.ts";
import { medianInterval } from "../../stats/mod.ts";
import type { ReportedChart } from "../reported_chart.ts";
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
  const { unit, limits } = chart;
  const series = chart.series.filter(({ values }) => values.length > 0);
  const top = limits.length > 0 ? 30 : 8;
  const plot: Plot = { left: 210, right: WIDTH - 30, top, bottom: top + series.length * ROW };
  const max = 1.05 * Math.max(...series.flatMap((side) => side.values), ...limits.map((limit) => limit.value)) || 1;
  const x = (value: number): number => plot.left + value / max * (plot.right - plot.left);
  const marks = roundValues(0, max, 6).map((value): Mark => ({
    at: x(value),
    text: value === 0 ? "0" : formatQuantity(value, unit),
  }));
  const rows = series.flatMap(({ name, isOurs, values }, row) => {
    const y = plot.top + (row + 0.5) * ROW;
    const fill = isOurs ? INK.ours : INK.peer;
    const { low, high, value } = medianInterval(values);
    return [
      writeRowName(plot, name, y),
      draw("rect", { x: x(low), y: y - 9, width: x(high) - x(low), height: 18, fill, opacity: 0.22 }),
      draw("rect", { x: x(value) - 1.25, y: y - 14, width: 2.5, height: 28, fill }),
      ...values.map((one, index) =>
        draw("circle", { cx: x(one), cy: y + SWAY[index % SWAY.length]!, r: 3.5, fill, opacity: 0.75 })
      ),
    ];
  });
  const lines = limits.flatMap(({ label, value }) => [
    draw("line", {
      x1: x(value),
      x2: x(value),
      y1: plot.top,
      y2: plot.bottom,
      stroke: INK.limit,
      "stroke-width": 1.5,
      "stroke-dasharray": "6 4",
    }),
    draw("text", { x: x(value), y: plot.top - 8, "text-anchor": "middle", fill: INK.limit }, label),
  ]);
  return picture([...drawGrid(plot, marks), ...writeMarks(plot, marks), ...rows, ...lines], {
    width: WIDTH,
    height: plot.bottom + 30,
    label: labelOf(chart),
  });
}

function labelOf({ title, unit, series }: ReportedChart): string {
  const parts = series.map(({ name, values }) =>
    `${name} ${values.length === 0 ? "none" : formatQuantity(medianInterval(values).value, unit)}`
  );
  return `${title}, medians: ${parts.join("; ")}`;
}
