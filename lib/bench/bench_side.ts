import type { Sample } from "./sample.ts";

/** Argument of the functions of a {@linkcode BenchSide}. */
export interface RoundContext {
  /** Number of the round, from 0; warm-up rounds are first. */
  readonly round: number;
  /** Aborts when the benchmark is canceled; `undefined` if it cannot be. */
  readonly signal: AbortSignal | undefined;
}

/** One of the compared programs or states of the code. */
export interface BenchSide {
  /** Name in reports; unique among the sides. */
  readonly name: string;
  /** Prepares the initial state of a run; not measured. */
  readonly prepare?: ((context: RoundContext) => Promise<void>) | undefined;
  /** Does the work and returns its cost. */
  readonly run: (context: RoundContext) => Promise<Sample>;
  /** Verifies the result and cleans it up; not measured. If it throws, the side fails. */
  readonly check?: ((sample: Sample, context: RoundContext) => Promise<void>) | undefined;
}

/** A sample with its position among all runs. */
export interface PlacedSample extends Sample {
  /** Number of the round, from 0; warm-up rounds are first. */
  readonly round: number;
  /** Milliseconds from the start of the benchmark to the start of this run. */
  readonly startedMs: number;
}

/** All runs of one side. */
export interface SideRuns {
  /** Name of the side. */
  readonly name: string;
  /** Measured runs, one per round. */
  readonly samples: readonly PlacedSample[];
  /** Runs of the warm-up rounds, which are stored but never compared. */
  readonly warmup: readonly PlacedSample[];
  /** Reason why the side failed, after which it was not run again; `null` if every run succeeded. */
  readonly problem: string | null;
}
