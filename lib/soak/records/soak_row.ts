import type { SoakBacklog } from "../facts/soak_backlog.ts";
import type { SoakCounts } from "../facts/soak_totals.ts";

/** One interval. The backlog is that of the whole run at the end of the interval. */
export interface SoakRow extends SoakCounts, SoakBacklog {
  /** The number of the interval, from 0, over all sessions. */
  readonly interval: number;
  /** The start, in ISO 8601, UTC. */
  readonly start: string;
  /** The start, in milliseconds of the run. */
  readonly startMs: number;
  /** The length in milliseconds. */
  readonly lengthMs: number;
  /**
   * For the last interval, the duration of the drain in milliseconds, whose jobs are counted in this interval;
   * otherwise 0.
   */
  readonly drainMs: number;
  /** Throughput in 10⁶ bytes per second, over `lengthMs` and `drainMs` together. */
  readonly megabytesPerSecond: number;
  /**
   * Median latency since the due time, in milliseconds; a waiting job counts with its wait so far. `null` if there are
   * no jobs.
   */
  readonly p50Ms: number | null;
  /** 95th percentile of the same latencies. */
  readonly p95Ms: number | null;
  /** 99th percentile of the same latencies. */
  readonly p99Ms: number | null;
  /** Maximum of the same latencies. */
  readonly maxMs: number | null;
  /** Bytes on the heap after garbage collection, at the latest probe; like the next four, `null` if unknown. */
  readonly heapUsed: number | null;
  /** Bytes outside of the heap, at the latest probe. */
  readonly external: number | null;
  /** Resident memory in bytes, at the latest probe. It is not judged by any leak claim. */
  readonly rss: number | null;
  /** Open files and sockets, at the latest probe. */
  readonly handles: number | null;
  /** Pending timers, at the latest probe. */
  readonly timers: number | null;
  /** Jobs under way at the end of the interval. */
  readonly active: number;
  /** The highest `loopLagMs` of the interval's probes, in milliseconds; `null` if it was not measured. */
  readonly loopLagP99Ms: number | null;
  /** The latest mode that a job reported; `null` if none did. */
  readonly mode: string | null;
  /** The latest concurrency limit that a job reported; `null` if none did. */
  readonly limit: number | null;
}
