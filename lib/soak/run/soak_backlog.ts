/** How far the work has kept up with its schedule. */
export interface SoakBacklog {
  /** Jobs that fell due, since the run began. */
  readonly due: number;
  /** Of these, those that were begun. */
  readonly begun: number;
  /** Of these, those that still wait for a lane. */
  readonly waiting: number;
}

/** That of a whole run, with the latencies of all that fell due: a job that waits counts with its wait so far. */
export interface SoakSchedule extends SoakBacklog {
  /** How long the one that waits longest has waited, in milliseconds; `null` if none waits. */
  readonly longestWaitMs: number | null;
  /** Of latencies since the moment that the schedule named, in milliseconds, at most 5 % off. */
  readonly p50Ms: number | null;
  /** Likewise. */
  readonly p99Ms: number | null;
  /** Likewise. */
  readonly maxMs: number | null;
}
