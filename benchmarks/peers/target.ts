import type { SideRuns } from "../../lib/bench/mod.ts";
import type { Measured } from "../../lib/judge/mod.ts";
import type { ReportedChart } from "../../lib/report/mod.ts";
import type { Tools } from "./_tools.ts";

/** What all targets share while they are measured. */
export interface PeerBench {
  /** Number of measured rounds. */
  readonly runs: number;
  /** Share of the full workload, from 0 to 1. */
  readonly scale: number;
  /** Name of the profile to measure. */
  readonly engine: string;
  /** The programs of this machine. */
  readonly tools: Tools;
  /** Temporary folder of the benchmark, shared by all targets and removed at the end. */
  readonly folder: string;
  /** Called with progress messages. */
  readonly onProgress: (text: string) => void;
  /** Make something the first time, and return the same for each later call with this name. */
  readonly once: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  /** Stops everything with the signal's reason. */
  readonly signal: AbortSignal;
}

/** The result of one target. */
export interface PeerMeasurement {
  /** Exact description of the work that was measured. */
  readonly workload: string;
  /** What the target claims. */
  readonly claims: readonly Measured[];
  /** Charts of the numbers. */
  readonly charts: readonly ReportedChart[];
  /** Remarks for the reader: what was skipped and why, what the numbers leave out. */
  readonly notes: readonly string[];
  /** The runs of all sides, warm-up included. */
  readonly runs: readonly SideRuns[];
}

/** A workload with limits that the engine has to meet. */
export interface PeerTarget {
  /** Such as `P1`. */
  readonly id: string;
  /** The workload in one line. */
  readonly title: string;
  /** Build the workload, run all sides, and clean up. */
  readonly measure: (bench: PeerBench) => Promise<PeerMeasurement>;
}
