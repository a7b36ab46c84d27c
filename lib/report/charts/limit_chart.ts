import { formatLimit } from "../_format_estimate.ts";
import { draw, drawGrid, INK, type Mark, picture, type Plot, writeMarks, writeRowName } from "./_svg.ts";
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
  const plot: Plot = { left: 400, right: WIDTH - 30, top: 8, bottom: 8 + rows.length * ROW };
  const reach = Math.max(2, ...rows.map((row) => Math.max(row.high, 1 / row.low)));
  /** The powers of two at the ends of the axis; the limit is in the middle. */
  const edge = Math.ceil(Math.log2(reach));
  const x = (share: number): number => plot.left + (Math.log2(share) / edge + 1) / 2 * (plot.right - plot.left);
  const marks = Array.from({ length: 2 * edge + 1 }, (_, index): Mark => {
    const share = 2 ** (index - edge);
    return { at: x(share), text: share === 1 ? "limit" : `${Number(share.toFixed(3))}×` };
  });
  const drawn = rows.flatMap(({ name, value, low, high }, index) => {
    const y = plot.top + (index + 0.5) * ROW;
    const fill = value <= 1 ? INK.ours : INK.limit;
    return [
      writeRowName(plot, name, y),
      draw("rect", { x: x(low), y: y - 1.5, width: x(high) - x(low), height: 3, fill, opacity: 0.5 }),
      draw("circle", { cx: x(value), cy: y, r: 5, fill }),
    ];
  });
  const limit = draw("line", {
    x1: x(1),
    x2: x(1),
    y1: plot.top,
    y2: plot.bottom,
    stroke: INK.soft,
    "stroke-width": 1.5,
  });
  return picture([...drawGrid(plot, marks), ...writeMarks(plot, marks), limit, ...drawn], {
    width: WIDTH,
    height: plot.bottom + 34,
    label: labelOf(rows),
  });
}

/** Limit the range of a ratio: zero has no logarithm, and extreme values need no exact position. */
function clamp(share: number): number {
  return Math.min(256, Math.max(1 / 256, share));
}

function labelOf(rows: readonly Row[]): string {
  return `Share of each limit: ${rows.map((row) => `${row.name}: ${row.value.toFixed(2)}`).join("; ")}`;
}
