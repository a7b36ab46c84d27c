import type { BenchmarkComparison, SetComparison } from "../../lib/bench/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import { formatQuantity } from "../../lib/report/mod.ts";

/**
 * Render a table of verdicts for a terminal, at its full width: a truncated bound would be a different number. The
 * verdicts are in parentheses if they do not count, such as between two sessions.
 */
export function renderComparison(
  comparison: SetComparison,
  { notes, doesCount }: { readonly notes: readonly string[]; readonly doesCount: boolean },
): string {
  const { benchmarks, geomean, verdict } = comparison;
  const table = renderTable(benchmarks, [
    { title: "benchmark", value: ({ name }) => name, minWidth: 12 },
    { title: "baseline", value: (one) => formatMedian(one, "base"), align: "right" },
    { title: "target", value: (one) => formatMedian(one, "target"), align: "right" },
    { title: "change", value: formatChange, align: "right" },
    { title: "95 % interval", value: formatRatioInterval, align: "right", minWidth: 15 },
    { title: "p", value: (one) => one.pValue === null ? "" : `p=${one.pValue.toFixed(3)}`, align: "right" },
    { title: "n", value: (one) => `n=${Math.min(one.base?.n ?? 0, one.target?.n ?? 0)}`, align: "right", minWidth: 4 },
    { title: "floor", value: (one) => one.floor === null ? "" : `${(one.floor * 100).toFixed(1)}%`, align: "right" },
    { title: "verdict", value: (one) => doesCount ? one.verdict : `(${one.verdict})`, minWidth: 12 },
  ], { width: Infinity });
  const lines = [
    ...geomean === null ? [] : [`geomean ${signed(geomean)}`],
    ...benchmarks.flatMap((one) => one.notes.map((note) => `${one.name}: ${note}`)),
    ...notes,
    verdict,
  ];
  return `${table}${lines.join("\n")}\n`;
}

function formatMedian(one: BenchmarkComparison, side: "base" | "target"): string {
  const summary = one[side];
  if (summary === null) return "–";
  const spread = one.isExact || summary.median === 0 ? "" : ` ±${(100 * summary.mad / summary.median).toFixed(0)}%`;
  return `${formatQuantity(summary.median, one.unit)}${spread}`;
}

/** Format a change in percent; `~` if it is not significant. */
function formatChange(one: BenchmarkComparison): string {
  if (one.change === null) return "";
  const isKnown = one.isExact || one.adjustedP !== null && one.adjustedP < 0.05;
  return isKnown ? signed(one.change) : "~";
}

function formatRatioInterval({ ratio }: BenchmarkComparison): string {
  return ratio === null ? "" : `${signed(ratio.low)} to ${signed(ratio.high)}`;
}

function signed(ratio: number): string {
  const percent = ((ratio - 1) * 100).toFixed(2);
  return `${percent.startsWith("-") ? "−" : "+"}${percent.replace("-", "")}%`;
}
