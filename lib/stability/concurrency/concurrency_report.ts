import type { EvidenceHeader } from "../../base/mod.ts";
import type { SoakClaim, SoakEnd } from "../../soak/mod.ts";

/** Schema of the report. */
export const CONCURRENCY_SCHEMA = "civitai-dl/concurrency";

/** How the program of work is done in one run. */
export interface ConcurrencyRound {
  /** Name of the run, such as `4 workers`. */
  readonly name: string;
  /** Number of items that a process fetches at once. */
  readonly workers: number;
  /** Number of processes that share the library. */
  readonly processes: number;
}

/** What one run did. */
export interface ConcurrencyRun extends ConcurrencyRound {
  /** Number of files in the program of work. */
  readonly files: number;
  /** Number of files that failed, whether or not they also failed one after another. */
  readonly failed: number;
  /** Errors of concurrency: failures that the run with one worker does not have, and broken rules. */
  readonly errors: number;
  /** Largest number of requests for bytes that were open at the same time. */
  readonly peak: number;
  /** How often a process waited for the other one. */
  readonly waits: number;
  /** Number of files that each process fetched. */
  readonly shares: readonly number[];
  /** Number of requests for bytes. */
  readonly requests: number;
  /** Number of responses that had a fault; delays do not count. */
  readonly faults: number;
  /** Duration in seconds. */
  readonly seconds: number;
  /** Why the run proves nothing about concurrency; `null` if it does. */
  readonly reservation: string | null;
}

/** The findings of all runs. */
export interface ConcurrencyReport extends EvidenceHeader {
  /** The verdict on all claims together; `aborted` if the test was stopped. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "aborted";
  /** Why the test ended. */
  readonly end: SoakEnd;
  /** Size and faults of the program of work. */
  readonly settings: ConcurrencySettings;
  /** The judged claims. */
  readonly claims: readonly SoakClaim[];
  /** The runs; the first has one worker. */
  readonly runs: readonly ConcurrencyRun[];
  /** The first errors of concurrency, each with its run and the file or image. */
  readonly failures: readonly string[];
  /** The command that repeats the test from its seed. */
  readonly command: string;
}

/** Size and faults of the program of work. */
export interface ConcurrencySettings {
  /** Number of models, each with one file; one model in eleven has no creator, and is not fetched. */
  readonly models: number;
  /** Seed of the catalog and of the faults. */
  readonly seed: number;
}
