import type { RoundsReport, SoakMessage } from "../../soak/mod.ts";

/** Schema of the report. */
export const CONCURRENCY_SCHEMA = "civitai-dl/concurrency";

/** Who does the program of work in a round. */
export interface Workforce {
  /** Name of the round, such as `4 workers`. */
  readonly name: string;
  /** Number of items that a process fetches at once. */
  readonly workers: number;
  /** Number of processes that share the library. */
  readonly processes: number;
}

/** What a round did. */
export interface ConcurrencyRound extends Workforce {
  /** Number of the round, from 0. */
  readonly round: number;
  /** Number of files in the program of work. */
  readonly files: number;
  /** Number of files that failed, whether or not they also failed one after another. */
  readonly failed: number;
  /** Errors of concurrency: failures that the round with one worker does not have, and broken rules. */
  readonly errors: number;
  /** Largest number of requests for bytes that were open at the same time. */
  readonly peak: number;
  /** How often a process waited for the other one. */
  readonly waits: number;
  /** Number of files that each process fetched. */
  readonly shares: readonly number[];
  /** Number of requests for bytes. */
  readonly requests: number;
  /** Those of them whose response had a fault; delays do not count. */
  readonly faults: number;
  /** Duration in seconds. */
  readonly seconds: number;
  /** Why the round proves nothing about concurrency; `null` if it does. */
  readonly reservation: string | null;
  /** The first of its errors. */
  readonly messages: readonly string[];
}

/** What a report says besides its rounds. */
export interface ConcurrencyFacts {
  /** The first errors of concurrency, each with its round and the file or image. */
  readonly failures: readonly SoakMessage[];
  /** The command that repeats the test from its seed. */
  readonly command: string;
}

/** The findings of all rounds; the first has one worker. */
export type ConcurrencyReport = RoundsReport<ConcurrencySettings, ConcurrencyRound> & ConcurrencyFacts;

/** Size and faults of the program of work. */
export interface ConcurrencySettings {
  /** Number of models, each with one file; one model in eleven has no creator, and is not fetched. */
  readonly models: number;
  /** Seed of the catalog and of the faults. */
  readonly seed: number;
}
