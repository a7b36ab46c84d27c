/** One benchmark of one state of the code: all of its samples, one a process run. */
export interface MeasuredBenchmark {
  /** How it is called; the same in all reports that are compared. */
  readonly name: string;
  /** What the samples count; less is better, whatever it is. */
  readonly unit: "seconds" | "bytes" | "count";
  /**
   * Whether the number is the same however often it is counted, such as requests of a download: it is compared without
   * statistics, and one more is too many.
   */
  readonly isExact: boolean;
  /** In the order of the runs. */
  readonly samples: readonly number[];
  /** Runs of the same code in the same session, which say how far equal code differs; empty if there were none. */
  readonly again: readonly number[];
  /** Why there are no or too few samples; `null` if every run ended well. */
  readonly problem: string | null;
}
