import type { QuantityUnit } from "./format_quantity.ts";

/** An estimate with its confidence interval, as stored in a report. */
export interface ReportedEstimate {
  /** The point estimate. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Confidence of the interval, from 0 to 1; 0 if there is no interval. */
  readonly confidence: number;
  /** Size of the sample: the number of values or pairs. */
  readonly n: number;
}

/** One requirement of a performance target. */
export interface ReportedCriterion {
  /** The quantity that is compared with the limit, such as `ours / curl, then sha256sum`. */
  readonly what: string;
  /** Unit of the limit and the estimate. */
  readonly unit: QuantityUnit;
  /** Whether the value must be at most or at least the limit. */
  readonly direction: "at most" | "at least";
  /** The limit; a value equal to it meets the limit. */
  readonly limit: number;
  /** The measured value; `null` if it could not be measured. */
  readonly estimate: ReportedEstimate | null;
  /** Whether the estimate meets the limit; `null` if it could not be measured. */
  readonly isMet: boolean | null;
  /** Whether both ends of the interval agree with `isMet`. */
  readonly isCertain: boolean;
}

/** All numbers of one side of a comparison. */
export interface ReportedSeries {
  /** Name of the side. */
  readonly name: string;
  /** Whether the side is this program, not a peer. */
  readonly isOurs: boolean;
  /** One number per run, in order; empty if the side failed. */
  readonly values: readonly number[];
  /** Median and interval; `null` if there are no numbers. */
  readonly median: ReportedEstimate | null;
  /** Why numbers are missing; `null` if every run succeeded. */
  readonly problem: string | null;
}

/** A chart that compares sides by one number. */
export interface ReportedChart {
  /** Title of the chart, such as `Wall time`. */
  readonly title: string;
  /** Unit of the numbers. */
  readonly unit: QuantityUnit;
  /** The sides, one row each. */
  readonly series: readonly ReportedSeries[];
  /** Limits to draw as lines. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}

/** One run as it was measured, so that all results can be recomputed. */
export interface ReportedSample {
  /** Name of the side. */
  readonly side: string;
  /** Number of the round; runs of the same round are paired. */
  readonly round: number;
  /** Whether the run is a warm-up, which is excluded from all results. */
  readonly isWarmup: boolean;
  /** Milliseconds from the start of the target's first run to the start of this one. */
  readonly startedMs: number;
  /** Wall-clock duration. */
  readonly seconds: number;
  /** User and system time of all processes; `null` if it could not be measured. */
  readonly cpuSeconds: number | null;
  /** Peak memory of the largest process; `null` if it could not be measured. */
  readonly peakRssBytes: number | null;
  /** Number of bytes that the run transferred; `null` if that is not meaningful. */
  readonly bytes: number | null;
  /** Other numbers of the run by name. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/**
 * Result of a performance target. `not certain`: the interval contains the limit; `no verdict`: there are numbers, but
 * nothing is to be judged by them.
 */
export type TargetStatus = "met" | "missed" | "not certain" | "no verdict" | "not measured";

/** A performance target with its measurements. */
export interface ReportedTarget {
  /** Identifier, such as `P1`. */
  readonly id: string;
  /** Title of the target, one line. */
  readonly title: string;
  /** Exact description of the work that was measured. */
  readonly workload: string;
  /** Result of the measurement, see {@linkcode TargetStatus}. */
  readonly status: TargetStatus;
  /** A more specific word that is shown instead of the status, such as `regression`. */
  readonly label?: string | undefined;
  /** The requirements of the target. */
  readonly criteria: readonly ReportedCriterion[];
  /** Charts of the numbers. */
  readonly charts: readonly ReportedChart[];
  /** All runs, grouped by side, in order. */
  readonly samples: readonly ReportedSample[];
  /** Remarks for the reader: what was skipped and why, what failed, what the numbers leave out. */
  readonly notes: readonly string[];
}

/** Complete record of a benchmark; the rendered pages contain nothing else. */
export interface BenchmarkReport {
  /** Name of the schema. */
  readonly schema: "civitai-dl/benchmark";
  /** Version of the schema. */
  readonly version: 1;
  /** Title of the report, one line. */
  readonly title: string;
  /** Start of the benchmark, ISO 8601 UTC. */
  readonly startedAt: string;
  /** End of the benchmark, ISO 8601 UTC. */
  readonly endedAt: string;
  /** Hash of the commit that is checked out; `null` outside of a repository. */
  readonly commit: string | null;
  /** Whether tracked files differ from the commit; `null` outside of a repository. */
  readonly isDirty: boolean | null;
  /** Facts about the machine by name: system, processor, cores, memory. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Versions of all programs that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Settings of the benchmark by name; `null` values are not shown. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Why the numbers do not support a verdict, such as a shortened run; `null` for a full run. */
  readonly reservation: string | null;
  /** How ratios were computed, if not round by round. */
  readonly method?: string | undefined;
  /** The performance targets. */
  readonly targets: readonly ReportedTarget[];
}
