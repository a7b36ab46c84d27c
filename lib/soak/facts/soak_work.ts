import type { Reconciliation } from "./reconcile.ts";

/** One job of the schedule. Equal seeds give equal jobs, regardless of how long each takes. */
export interface SoakJob {
  /** The index in the schedule, from 0; a resumed run continues the count. */
  readonly index: number;
  /** The name of the job in reports, such as `17-download`. */
  readonly id: string;
  /** The kind of the job, one of the kinds of the schedule. */
  readonly kind: string;
  /** The lane that runs the job, from 0; a lane runs one job at a time, until the job's promise settles. */
  readonly lane: number;
  /** Whether the job must inject faults. */
  readonly isInjected: boolean;
  /** A seed for the job's own random numbers. */
  readonly seed: number;
}

/** The context that a job receives. */
export interface SoakContext {
  /** Aborts when the run is stopped, or when the job counts as deadlocked. */
  readonly signal: AbortSignal;
  /** Reports progress, such as a byte or a new state. A job that reports none for `deadlockMs` counts as deadlocked. */
  readonly beat: (state?: string) => void;
  /** Adds to the counts of the run at once, whatever becomes of the job: a lost job has no result. */
  readonly observe: (seen: SoakObservations) => void;
}

/**
 * What failed: `wrong_bytes`, a file differs from its source; `missing`, an item is not there; `late_cut`, a silence was
 * not cut in time; `too_many_bytes`, more of a file was sent than wanted; `lost`, the process under test ended; or
 * anything else.
 */
export type SoakFailureKind = "wrong_bytes" | "missing" | "late_cut" | "too_many_bytes" | "lost" | "other";

/** A message about what failed. */
export interface SoakMessage {
  readonly kind: SoakFailureKind;
  readonly text: string;
}

/** What was observed during a job. The counts are whole numbers that default to 0. */
export interface SoakObservations {
  /**
   * Silences that were provoked, and have ended: a server that sent no headers, stopped in the middle of a body, or went
   * on so slowly that the system under test has to end it.
   */
  readonly silences?: number | undefined;
  /** Those of `silences` that the system under test did not end in time. */
  readonly lateCuts?: number | undefined;
  /** Those of `silences` that were slow lines: something arrived, but too little. */
  readonly slowLines?: number | undefined;
  /** Messages about what failed; the report keeps them with those of failures. */
  readonly messages?: readonly SoakMessage[] | undefined;
}

/**
 * The result of a job. All counts are whole numbers; except `attempts`, they default to 0. An invalid result, such as
 * more failures than attempts, counts as one failed attempt of the class `BadResult`, and its message gives the reason.
 */
export interface SoakResult {
  /**
   * Operations that were attempted, such as downloads.
   *
   * @default {1}
   */
  readonly attempts?: number | undefined;
  /** Attempts that failed after all retries. */
  readonly failures?: number | undefined;
  /** Attempts that failed because of a timeout. */
  readonly timeouts?: number | undefined;
  /** Attempts that failed because they interfered with each other. */
  readonly concurrencyErrors?: number | undefined;
  /** Retries within attempts. */
  readonly retries?: number | undefined;
  /**
   * Faults that affected the job, injected or observed. If absent, the job counts as affected if faults were injected
   * into it.
   */
  readonly faults?: number | undefined;
  /**
   * Operations that had to fail, and did: what they asked for does not exist or is not allowed. They are no attempts.
   */
  readonly permanent?: number | undefined;
  /** Items that the job had to plan or deliver according to the source. */
  readonly expected?: number | undefined;
  /** Those of `expected` that are not there, and whose absence the job did not report. */
  readonly missing?: number | undefined;
  /** Bytes that the job had to fetch; only jobs that no fault affected should state them. */
  readonly wantedBytes?: number | undefined;
  /** Bytes that the source sent for them. */
  readonly wireBytes?: number | undefined;
  /** Files that were compared with their source. */
  readonly files?: number | undefined;
  /** Files that differed from their source. */
  readonly mismatches?: number | undefined;
  /** Bytes received. */
  readonly bytes?: number | undefined;
  /** The comparison of the counts of client and server; if absent, the job counts as `uncounted`. */
  readonly exchanges?: Reconciliation | undefined;
  /** The number of failures by class. */
  readonly errors?: Readonly<Record<string, number>> | undefined;
  /** Messages of failures; the report keeps the first 20 of each kind. */
  readonly messages?: readonly SoakMessage[] | undefined;
  /** State changes of circuit breakers. */
  readonly transitions?: number | undefined;
  /** The mode at the end of the job. */
  readonly mode?: string | undefined;
  /** The concurrency limit at the end of the job. */
  readonly limit?: number | undefined;
}

/**
 * Runs a job. If it throws, the whole job counts as one failed attempt; its class is the error's `failure` property, or
 * otherwise the error's name. If faults were injected into such a job, it counts as not recovered.
 */
export type SoakWork = (job: SoakJob, context: SoakContext) => Promise<SoakResult | void>;

/** A measurement of the system under test after garbage collection. Unknown values are `null`. */
export interface SoakProbe {
  /** Bytes in use on the heap. */
  readonly heapUsed: number | null;
  /** Bytes outside of the heap, such as buffers. */
  readonly external: number | null;
  /** Resident memory in bytes. */
  readonly rss: number | null;
  /** Number of open files and sockets. */
  readonly handles: number | null;
  /** Number of pending timers. */
  readonly timers: number | null;
  /** 99th percentile of the event-loop lag since the last probe, in milliseconds. */
  readonly loopLagMs: number | null;
}
