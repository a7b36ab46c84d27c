import { formatShare } from "../../base/mod.ts";
import { hodgesLehmannRatio, mannWhitney } from "../../stats/mod.ts";
import type { BenchmarkComparison, BenchmarkVerdict } from "./benchmark_comparison.ts";
import { judgeDifference } from "./judge_difference.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import { noiseFloorOf } from "./noise_floor.ts";
import { summarizeSample } from "../sample_summary.ts";

/** Compute all results for a benchmark that do not depend on the other benchmarks; applyMargin() adds the rest. */
export function measureDifference(
  base: MeasuredBenchmark | undefined,
  target: MeasuredBenchmark | undefined,
  alpha: number,
): BenchmarkComparison {
  const { name, unit, isExact } = (base ?? target)!;
  const first = base?.samples ?? [];
  const second = target?.samples ?? [];
  const noEstimates = { change: null, ratio: null, pValue: null, adjustedP: null, floor: null };
  const plain = { name, unit, isExact, base: summarizeSample(first), target: summarizeSample(second), ...noEstimates };
  const finish = (verdict: BenchmarkVerdict, ...notes: readonly (string | null)[]) => ({
    ...plain,
    verdict,
    notes: notes.filter((note) => note !== null),
  });
  if (target === undefined) return finish("missing", "the candidate does not have it");
  if (base === undefined) return target.problem === null ? finish("new") : finish("failed", target.problem);
  if (target.problem !== null) return finish("failed", target.problem);
  if (base.problem !== null) return finish("inconclusive", `in the baseline: ${base.problem}`);
  if (base.unit !== target.unit || base.isExact !== target.isExact) return finish("inconclusive", "their units differ");
  if (second.length === 0) return finish("failed", "the candidate has no samples");
  if (first.length === 0) return finish("inconclusive", "the baseline has no samples");
  const change = plain.base!.median > 0 ? plain.target!.median / plain.base!.median : null;
  if (unit === "files") return { ...plain, change, ...judgeFiles(first, second) };
  if (isExact) return { ...plain, change, ...judgeCounts(first, second) };
  if ([...first, ...second].includes(0)) return finish("inconclusive", "a sample of 0 has no ratio");
  return {
    ...plain,
    change,
    ratio: hodgesLehmannRatio(second, first, { confidence: 1 - alpha }),
    pValue: mannWhitney(first, second).pValue,
    floor: noiseFloorOf(base),
    verdict: "inconclusive",
    notes: sampleNotes(first.length, second.length, alpha),
  };
}

/** Set the verdict of a benchmark that was tested, after its p-value was adjusted. */
export function applyMargin(
  one: BenchmarkComparison,
  options: { readonly adjustedP: number | null; readonly margin: number; readonly alpha: number },
): BenchmarkComparison {
  const { adjustedP, margin, alpha } = options;
  const { ratio, floor, notes } = one;
  if (ratio === null || adjustedP === null) return one;
  const isNoisy = floor !== null && floor > margin;
  return {
    ...one,
    adjustedP,
    verdict: judgeDifference({ ratio, adjustedP, floor }, { margin, alpha }),
    notes: isNoisy
      ? [
        ...notes,
        `noise floor ${formatShare(floor, { decimals: 1 })} exceeds margin ${
          formatShare(margin, { decimals: 1 })
        }: runs of equal code differ that much`,
      ]
      : notes,
  };
}

/** Another number of files is a difference to explain: the sides did not do the same, so no number proves anything. */
function judgeFiles(
  base: readonly number[],
  target: readonly number[],
): Pick<BenchmarkComparison, "verdict" | "notes"> {
  const [before, after] = [base, target].map((samples) => range(Math.min(...samples), Math.max(...samples)));
  if (before === after && new Set(base).size === 1) return { verdict: "same", notes: [] };
  const why = "the sides did not do the same, so look at which files differ";
  return { verdict: "inconclusive", notes: [`${before} files became ${after}: ${why}`] };
}

function judgeCounts(
  base: readonly number[],
  target: readonly number[],
): Pick<BenchmarkComparison, "verdict" | "notes"> {
  const low = Math.min(...base);
  const high = Math.max(...base);
  const least = Math.min(...target);
  const most = Math.max(...target);
  const change = `${range(low, high)} became ${range(least, most)}`;
  if (least > high) return { verdict: "regression", notes: [change] };
  if (most < low) return { verdict: "improved", notes: [change] };
  if (low === high && least === most) return { verdict: "same", notes: [] };
  // An exact count should not vary. If it does, a value above the maximum of the baseline is not yet a regression.
  return { verdict: most > high ? "inconclusive" : "same", notes: [`the count varies: ${change}`] };
}

function sampleNotes(n: number, m: number, alpha: number): readonly string[] {
  const least = Math.min(n, m);
  if (least < 4) return [`too few samples (${least}): at least 4 are needed to detect a difference at alpha ${alpha}`];
  return least < 10 ? [`only ${least} samples; 10 or more are advised`] : [];
}

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
