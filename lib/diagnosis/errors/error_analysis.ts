import type { FailureClass } from "../../failsafe/mod.ts";
import type { BinnedCounts } from "../time_bins.ts";
import type { ProblemLevel } from "./read_problem.ts";

/** The value of `schema` in an {@linkcode ErrorAnalysis}. */
export const ERROR_ANALYSIS_SCHEMA = "civitai-dl/error-analysis";

/** A cluster with what it means. */
export interface ExplainedCluster {
  /** How serious it is. */
  readonly level: ProblemLevel;
  /** Class of the failure; `null` if it is not recognized. */
  readonly failure: FailureClass | null;
  /** The message without what differs from line to line. */
  readonly pattern: string;
  /** Number of lines; at least that many if `isAtLeast`. */
  readonly count: number;
  /** Whether earlier lines may be missing in `count`. */
  readonly isAtLeast: boolean;
  /** Share of all problems, from 0 to 1. */
  readonly share: number;
  /** Time of the first line, ISO 8601 UTC; `null` if no line has a time. */
  readonly firstSeen: string | null;
  /** Time of the last line. */
  readonly lastSeen: string | null;
  /** Hosts, most frequent first; at most ten. */
  readonly hosts: readonly { readonly host: string; readonly count: number }[];
  /** The newest line, redacted and cut off at 500 characters. */
  readonly example: string;
  /** What it means; `null` if it is not recognized. */
  readonly meaning: string | null;
  /** What to do; `null` if it is not recognized. */
  readonly remedy: string | null;
  /** Section of the runbook; `null` if it is not recognized. */
  readonly runbook: string | null;
  /** What `explain` says more about; `null` if it is not recognized. */
  readonly topic: string | null;
  /** The command to run next. */
  readonly command: string;
  /** Counts over time; `null` if no line has a time. */
  readonly bins: BinnedCounts | null;
}

/** The problems in logs, grouped. */
export interface ErrorAnalysis {
  /** {@linkcode ERROR_ANALYSIS_SCHEMA}. */
  readonly schema: typeof ERROR_ANALYSIS_SCHEMA;
  /** Version of the document. */
  readonly version: 1;
  /** When it was made, ISO 8601 UTC. */
  readonly time: string;
  /** The files that were read, in this order. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Start of the period that was asked for, ISO 8601 UTC; `null` for everything. */
  readonly since: string | null;
  /** Time of the oldest line in the period; `null` if no line has a time. */
  readonly from: string | null;
  /** Time of the newest line of all. */
  readonly to: string | null;
  /** Number of lines in the period. */
  readonly lines: number;
  /** Number of problems in the period. */
  readonly problems: number;
  /** Lines that were left out: before the period, without a time in a period, cut off, too long. */
  readonly skipped: {
    /** Lines before the period. */
    readonly older: number;
    /** Lines without a time, while a period was asked for. */
    readonly undated: number;
    /** JSON that was cut off. */
    readonly broken: number;
    /** Lines that are longer than 1 MiB. */
    readonly tooLong: number;
  };
  /** The clusters, most frequent first. */
  readonly clusters: readonly ExplainedCluster[];
  /** Further clusters and problems that are not listed. */
  readonly rest: { readonly clusters: number; readonly problems: number };
  /** All problems over time; `null` if no line has a time. */
  readonly bins: BinnedCounts | null;
}
