import type { RoundsReport } from "../../lib/soak/mod.ts";

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

/** The findings of all runs so far. */
export type LoadReport = RoundsReport<LoadSettings, LoadRun> & {
  /** Version of nginx. */
  readonly nginx: string;
};
