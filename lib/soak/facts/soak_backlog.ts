/** How far a run has kept up with its schedule. */
export interface SoakBacklog {
  /** Jobs that have fallen due since the run began. */
  readonly due: number;
  /** Due jobs that were begun. */
  readonly begun: number;
  /** Due jobs that are waiting for a lane. */
  readonly waiting: number;
}

/** The backlog of a whole run, with the latencies of all due jobs. A waiting job counts with its wait so far. */
export interface SoakSchedule extends SoakBacklog {
  /** The wait of the job that has waited longest, in milliseconds; `null` if no job waits. */
  readonly longestWaitMs: number | null;
  /** Median latency since the due time, in milliseconds, with an error of at most 5%; `null` if there are no jobs. */
  readonly p50Ms: number | null;
  /** 99th percentile of the same latencies, with an error of at most 5%. */
  readonly p99Ms: number | null;
  /** Exact maximum of the same latencies. */
  readonly maxMs: number | null;
}
