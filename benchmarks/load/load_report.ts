import type { RoundsReport } from "../../lib/stability/mod.ts";

/** Schema of the report. */
export const LOAD_SCHEMA = "civitai-dl/load";

/** The library that is fetched, and how often. A resumed test has the same. */
export interface LoadSettings {
  /** Smallest number of files. */
  readonly files: number;
  /** Smallest number of bytes of all files together. */
  readonly bytes: number;
  /** Number of creators. */
  readonly creators: number;
  /** Number of runs. */
  readonly runs: number;
  /** Seed of the catalog. */
  readonly seed: number;
}

/** One run: the whole library, from an empty folder. */
export interface LoadRun {
  /** Number of the run, from 0. */
  readonly round: number;
  /** Number of files on offer. */
  readonly files: number;
  /** Files that are in the library with the right SHA-256. */
  readonly right: number;
  /** Bytes of all files on offer. */
  readonly bytes: number;
  /** Bytes that nginx sent. */
  readonly sentBytes: number;
  /** Wall time of the program in seconds, from its start to its end. */
  readonly seconds: number;
  /** Its processor time in seconds; `null` if it could not be measured. */
  readonly cpuSeconds: number | null;
  /** Its largest resident memory in bytes; `null` if it could not be measured. */
  readonly peakRssBytes: number | null;
  /** Its exit code. */
  readonly code: number;
  /** The first failures: of the program, or of files that differ. */
  readonly messages: readonly string[];
}

/** A verdict on one figure of all runs. */
export interface LoadClaim {
  /** Name of the claim. */
  readonly id: "load_success" | "load_speed" | "load_memory" | "load_runs";
  /** `rate` from 0 to 1, `MB/s`, `bytes`, or a `count`. */
  readonly unit: "rate" | "MB/s" | "bytes" | "count";
  /** The rate, the median speed, the largest memory, or the number of runs that did not meet their limits. */
  readonly estimate: number | null;
  /** The successes, or the runs that did not meet their limits; `null` for a claim that counts nothing. */
  readonly events: number | null;
  /** Number of downloads or runs. */
  readonly trials: number;
  /** What the trials are. */
  readonly counted: "files" | "runs";
  /** The bound that has to meet the requirement; `null` for an exact number. */
  readonly bound: number | null;
  /** Confidence of the bound; `null` for an exact number. */
  readonly confidence: number | null;
  /** What the bound, or the number, has to meet. */
  readonly requirement: string;
  /** The verdict. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** A remark for the reader; `null` if there is none. */
  readonly note: string | null;
  /** The flag with which a test would decide, such as `--runs 24`; absent if the claim is decided. */
  readonly decides?: string | undefined;
}

/** The findings of all runs so far. */
export type LoadReport = RoundsReport<LoadSettings, LoadRun, LoadClaim> & {
  /** Version of nginx. */
  readonly nginx: string;
};
