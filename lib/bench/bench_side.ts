import type { Sample } from "./sample.ts";

/** What {@linkcode BenchSide}'s functions are told. */
export interface RoundContext {
  /** 0 is the first warm-up round. */
  readonly round: number;
  /** Stops the run. */
  readonly signal: AbortSignal | undefined;
}

/** One of the things that are compared. */
export interface BenchSide {
  /** How reports call it; the names differ. */
  readonly name: string;
  /** Bring everything to where the run begins; not measured. */
  readonly prepare?: ((context: RoundContext) => Promise<void>) | undefined;
  /** Do the work, and say what it cost. */
  readonly run: (context: RoundContext) => Promise<Sample>;
  /** Throw if the result is not what it should be, and put it away; not measured. */
  readonly check?: ((sample: Sample, context: RoundContext) => Promise<void>) | undefined;
}

/** A run with its place in the order of all runs. */
export interface PlacedSample extends Sample {
  /** 0 is the first warm-up round. */
  readonly round: number;
  /** Milliseconds from the beginning of all to the beginning of this run. */
  readonly startedMs: number;
}

/** What came of one side. */
export interface SideRuns {
  /** Its name. */
  readonly name: string;
  /** Its measured runs, one a round. */
  readonly samples: readonly PlacedSample[];
  /** Runs of the warm-up rounds: kept, never compared. */
  readonly warmup: readonly PlacedSample[];
  /** Why it was given up; `null` if every run ended well. */
  readonly problem: string | null;
}
