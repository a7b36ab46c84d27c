/** How far a run has kept up with its schedule. */
export interface SoakBacklog {
  /** Jobs that have fallen due since the run began. */
  readonly due: number;
  /** Due jobs that were begun. */
  readonly begun: number;
  /** Due jobs that are waiting for a lane. */
  readonly waiting: number;
}

/** The backlog of a whole run, with the latencies of all due jobs; a waiting job counts with its wait so far. */
export interface SoakSchedule extends SoakBacklog {
  /** The wait of the job that has waited longest, in milliseconds; `null` if no job waits. */
  readonly longestWaitMs: number | null;
  /** Median latency since the due time, in milliseconds, at most 5 % off; `null` without jobs. */
  readonly p50Ms: number | null;
  /** 99th percentile of the same latencies, at most 5 % off. */
  readonly p99Ms: number | null;
  /** Maximum of the same latencies, exact. */
  readonly maxMs: number | null;
}
