/**
 * Unit of samples. Of seconds, bytes and counts, less is better. `files` are what a run leaves behind: another number of
 * them is neither better nor worse, but says that the two sides did not do the same.
 */
export type BenchmarkUnit = "seconds" | "bytes" | "count" | "files";

/** Every {@linkcode BenchmarkUnit}. */
export const BENCHMARK_UNITS: readonly BenchmarkUnit[] = ["seconds", "bytes", "count", "files"];

/** A benchmark of one state of the code, with all of its samples: one per process run. */
export interface MeasuredBenchmark {
  /** Name of the benchmark; the same in all reports that are compared. */
  readonly name: string;
  /** Unit of the samples. */
  readonly unit: BenchmarkUnit;
  /**
   * Whether every run yields the same number, such as the number of requests of a download. Such numbers are compared
   * without statistics, and an increase by one is a regression.
   */
  readonly isExact: boolean;
  /** One number per run, in the order of the runs. */
  readonly samples: readonly number[];
  /** Runs of the same code in the same session, from which the noise floor is computed; empty if there are none. */
  readonly again: readonly number[];
  /** Reason why samples are missing; `null` if every run succeeded. */
  readonly problem: string | null;
}
