import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import { metricOf } from "../sample.ts";
import type { SideRuns } from "../bench_side.ts";

/** Metrics of each workload: the suffix of the benchmark's name, the metric of a sample, and the unit. */
const METRICS = [
  { name: "time", metric: "seconds", unit: "seconds" },
  { name: "processor time", metric: "cpuSeconds", unit: "seconds" },
  { name: "peak memory", metric: "peakRssBytes", unit: "bytes" },
  { name: "file p50", metric: "fileP50", unit: "seconds" },
  { name: "file p95", metric: "fileP95", unit: "seconds" },
  { name: "file p99", metric: "fileP99", unit: "seconds" },
  { name: "requests", metric: "requests", unit: "count" },
  { name: "bytes on the wire", metric: "wireBytes", unit: "bytes" },
] as const;

/** Both sides of a phase, in the form used by all benchmark reports. */
export interface PhaseBenchmarks {
  /** Benchmarks of the phase. */
  readonly benchmarks: readonly MeasuredBenchmark[];
  /** Benchmarks of phase 1. */
  readonly baselineBenchmarks: readonly MeasuredBenchmark[];
}

/**
 * Convert the runs of workloads to benchmarks: times and memory as distributions, counts as exact numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { phaseBenchmarks, runInterleaved } from "@civitai-dl/civitai-dl/bench";
 *
 * const side = (name: string, seconds: number) => {
 *   const sample = { seconds, cpuSeconds: null, peakRssBytes: null, bytes: null };
 *   return { name, run: () => Promise.resolve(sample) };
 * };
 * const runs = await runInterleaved({ sides: [side("phase 1", 3), side("again", 3), side("phase 4", 1)], runs: 2 });
 * const names = { baseline: "phase 1", again: "again", target: "phase 4" };
 * const { benchmarks } = phaseBenchmarks(new Map([["mixed", runs]]), names);
 * assertEquals(benchmarks.map(({ name, samples }) => [name, samples]), [["mixed: time", [1, 1]]]);
 * ```
 */
export function phaseBenchmarks(
  all: ReadonlyMap<string, readonly SideRuns[]>,
  sides: { readonly baseline: string; readonly again: string; readonly target: string },
): PhaseBenchmarks {
  const benchmarksOf = (name: string, againName: string | null) =>
    [...all].flatMap(([workload, runs]) =>
      METRICS.flatMap(({ name: what, metric, unit }): readonly MeasuredBenchmark[] => {
        const side = runs.find((one) => one.name === name);
        const samples = valuesOf(side, metric);
        const problem = side?.problem ?? null;
        if (samples.length === 0 && problem === null) return [];
        const again = againName === null ? [] : valuesOf(runs.find((one) => one.name === againName), metric);
        // With random faults, the number of retries is also random.
        const isExact = ["requests", "wireBytes"].includes(metric) && workload !== "faults";
        return [{ name: `${workload}: ${what}`, unit, isExact, samples, again, problem }];
      })
    );
  return {
    benchmarks: benchmarksOf(sides.target, null),
    baselineBenchmarks: benchmarksOf(sides.baseline, sides.again),
  };
}

function valuesOf(side: SideRuns | undefined, metric: string): readonly number[] {
  return (side?.samples ?? []).map((sample) => metricOf(sample, metric)).filter((value) => value !== null);
}
