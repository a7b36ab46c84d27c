import type { SeriesState } from "./thinned_series.ts";

/** The curves of one process under test. Each process has its own, because a new process has a new heap. */
export interface SoakGeneration {
  /** When the curves begin, in milliseconds of the run. */
  readonly fromMs: number;
  /** When the process was probed last, in milliseconds of the run. */
  readonly untilMs: number;
  /** Bytes in use on the heap after garbage collection. */
  readonly heapUsed: SeriesState;
  /** Bytes outside of the heap after garbage collection. */
  readonly external: SeriesState;
  /** Number of open files and sockets. */
  readonly handles: SeriesState;
  /** Number of pending timers. */
  readonly timers: SeriesState;
  /** Resident memory in bytes. */
  readonly rss: SeriesState;
}
