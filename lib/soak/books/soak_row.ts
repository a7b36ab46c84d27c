import type { SoakBacklog } from "../run/soak_backlog.ts";
import type { SoakCounts } from "./soak_totals.ts";

/** One interval: a line of the journal. Its backlog is that at its end, of jobs that fell due since the run began. */
export interface SoakRow extends SoakCounts, SoakBacklog {
  /** From 0, over all sittings. */
  readonly interval: number;
  /** ISO 8601 UTC. */
  readonly start: string;
  /** Milliseconds of the run. */
  readonly startMs: number;
  /** Milliseconds that it lasted. */
  readonly lengthMs: number;
  /** Milliseconds after the run's last interval in which its last jobs ended, and are counted here; else 0. */
  readonly drainMs: number;
  /** 10⁶ bytes a second, of both together. */
  readonly megabytesPerSecond: number;
  /** Of latencies since the moment that the schedule named, in milliseconds; who waits counts with the wait so far. */
  readonly p50Ms: number | null;
  /** Likewise. */
  readonly p95Ms: number | null;
  /** Likewise. */
  readonly p99Ms: number | null;
  /** Likewise. */
  readonly maxMs: number | null;
  /** Bytes on the heap after garbage was collected, at the interval's last look. */
  readonly heapUsed: number | null;
  /** Bytes outside of the heap, likewise. */
  readonly external: number | null;
  /** Resident memory, likewise; advice only. */
  readonly rss: number | null;
  /** Open files and sockets, likewise. */
  readonly handles: number | null;
  /** Timers that wait, likewise. */
  readonly timers: number | null;
  /** Jobs that were under way at the interval's end. */
  readonly active: number;
  /** The worst p99 of the loop's lag of all looks, in milliseconds. */
  readonly loopLagP99Ms: number | null;
  /** The mode that the last job ended in. */
  readonly mode: string | null;
  /** The limit of what runs at once, when the last job ended. */
  readonly limit: number | null;
}
