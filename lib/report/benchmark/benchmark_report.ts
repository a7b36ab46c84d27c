import type { QuantityUnit } from "../format_quantity.ts";

/** An estimate as a report holds it. */
export interface ReportedEstimate {
  /** The best single number. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** How sure the interval is, from 0 to 1. */
  readonly confidence: number;
  /** Numbers, or pairs of numbers, behind it. */
  readonly n: number;
}

/** One thing that a target asks for. */
export interface ReportedCriterion {
  /** What is held against the limit, such as `ours / curl, then sha256sum`. */
  readonly what: string;
  /** What the numbers are. */
  readonly unit: QuantityUnit;
  /** On which side of the limit it is to be. */
  readonly direction: "at most" | "at least";
  /** The limit. */
  readonly limit: number;
  /** What was measured; `null` if it could not be. */
  readonly estimate: ReportedEstimate | null;
  /** Whether the estimate keeps the limit; `null` if it could not be measured. */
  readonly isMet: boolean | null;
  /** Whether the whole interval agrees. */
  readonly isCertain: boolean;
}

/** All numbers of one side. */
export interface ReportedSeries {
  /** The side. */
  readonly name: string;
  /** Whether it is the program that is judged, not a peer. */
  readonly isOurs: boolean;
  /** One number a run, in order; empty if it failed. */
  readonly values: readonly number[];
  /** Median and interval; `null` if there is no number. */
  readonly median: ReportedEstimate | null;
  /** Why there are no or too few numbers. */
  readonly problem: string | null;
}

/** Sides that are compared by one number. */
export interface ReportedChart {
  /** What is shown, such as `Wall time`. */
  readonly title: string;
  /** What the numbers are. */
  readonly unit: QuantityUnit;
  /** The sides. */
  readonly series: readonly ReportedSeries[];
  /** Lines to hold the dots against. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}

/** One run as it was measured, so that all can be computed again. */
export interface ReportedSample {
  /** The side. */
  readonly side: string;
  /** The round; runs of one round belong together. */
  readonly round: number;
  /** Whether it was to warm up, and is in no other number. */
  readonly isWarmup: boolean;
  /** Milliseconds from the beginning of the first run of the target to that of this one. */
  readonly startedMs: number;
  /** By the wall clock. */
  readonly seconds: number;
  /** User and system time of all its processes. */
  readonly cpuSeconds: number | null;
  /** The most memory that one of them held. */
  readonly peakRssBytes: number | null;
  /** What it brought. */
  readonly bytes: number | null;
  /** Whatever else was counted. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/** How a target ended: `looked at` has numbers, but is no verdict. */
export type TargetStatus = "met" | "missed" | "looked at" | "not measured";

/** One target and what was measured. */
export interface ReportedTarget {
  /** Such as `P1`. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  /** What was done, exactly. */
  readonly workload: string;
  /** How it ended. */
  readonly status: TargetStatus;
  /** A word that says more than the status, such as `regression`; shown in its place. */
  readonly label?: string | undefined;
  /** What it asks for. */
  readonly criteria: readonly ReportedCriterion[];
  /** The numbers. */
  readonly charts: readonly ReportedChart[];
  /** All runs, side by side, in order. */
  readonly samples: readonly ReportedSample[];
  /** What a reader must know: what was skipped and why, what failed, what the numbers leave out. */
  readonly notes: readonly string[];
}

/** A run of a benchmark, whole: nothing that its pages show is not in here. */
export interface BenchmarkReport {
  /** The name of the shape. */
  readonly schema: "civitai-dl/benchmark";
  /** The version of the shape. */
  readonly version: 1;
  /** One line. */
  readonly title: string;
  /** When it began, ISO 8601 UTC. */
  readonly startedAt: string;
  /** When it ended. */
  readonly endedAt: string;
  /** The commit of the tree, `null` outside of a repository. */
  readonly commit: string | null;
  /** Whether the tree differed from the commit. */
  readonly isDirty: boolean | null;
  /** The machine, one fact a line: system, processor, cores, memory. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Versions of all programs that took part. */
  readonly versions: Readonly<Record<string, string>>;
  /** How it was run. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Why the numbers are only a look and no verdict; `null` for a full run. */
  readonly reservation: string | null;
  /** How ratios were made, where not round by round. */
  readonly method?: string | undefined;
  /** The targets. */
  readonly targets: readonly ReportedTarget[];
}
