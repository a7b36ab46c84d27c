/** A command that runs benchmarks once and prints them in a form that {@linkcode parseBenchOutput} reads. */
export interface BenchCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /**
   * The command for all benchmarks, if `words` runs only some of them. It is run once if neither side has a requested
   * benchmark, to list those that exist.
   */
  readonly allWords?: readonly string[] | undefined;
  /** Working directory. */
  readonly cwd: string;
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A run with its position among all runs. */
export interface CommandRun {
  /** Side of the run; `again` is the baseline once more, for the noise floor. */
  readonly side: "baseline" | "target" | "again";
  /** Number of the round; 0 is the warm-up. */
  readonly round: number;
  /** Milliseconds from the start of all runs to the start of this one. */
  readonly startedMs: number;
  /** Duration, measured by the wall clock. */
  readonly seconds: number;
}
