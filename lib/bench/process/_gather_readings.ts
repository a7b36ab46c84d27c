import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type { BenchReading } from "./parse_bench_output.ts";

/** Regroup readings from one list per run to one benchmark with the samples of all runs. */
export function gatherReadings(
  runs: readonly (readonly BenchReading[])[],
  options: { readonly again?: readonly (readonly BenchReading[])[] | undefined },
): readonly MeasuredBenchmark[] {
  const { again = [] } = options;
  const first = new Map<string, BenchReading>();
  for (const reading of runs.flat()) if (!first.has(reading.name)) first.set(reading.name, reading);
  return [...first.values()].map(({ name, unit, isExact }) => {
    // A number could belong to either of the two benchmarks.
    if ([...runs, ...again].some((run) => isDuplicate(run, name))) {
      const problem = `two benchmarks are named "${name}"; rename one of them`;
      return { name, unit, isExact, problem, samples: [], again: [] };
    }
    const readings = runs.map((run) => run.find((reading) => reading.name === name));
    const missing = readings.filter((reading) => reading === undefined).length;
    const problem = readings.find((reading) => reading?.problem)?.problem ??
      (missing > 0 ? `${missing} of ${runs.length} runs did not have it` : null);
    return { name, unit, isExact, problem, samples: valuesOf(runs, name), again: valuesOf(again, name) };
  });
}

function isDuplicate(run: readonly BenchReading[], name: string): boolean {
  return run.filter((reading) => reading.name === name).length > 1;
}

function valuesOf(runs: readonly (readonly BenchReading[])[], name: string): readonly number[] {
  return runs.flatMap((run) => run.find((reading) => reading.name === name)?.value ?? []);
}
