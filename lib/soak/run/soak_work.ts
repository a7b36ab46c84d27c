import type { Reconciliation } from "../judges/reconcile.ts";

/** One operation of the schedule. Equal seeds give equal jobs, however long each takes. */
export interface SoakJob {
  /** Its place in the schedule, from 0; goes on counting when a run is resumed. */
  readonly index: number;
  /** Names it in reports, such as `17-download`. */
  readonly id: string;
  /** What it does: one of the kinds of the schedule. */
  readonly kind: string;
  /** Which of the lanes does it, from 0; a lane does one job at a time, and is its own until its promise settles. */
  readonly lane: number;
  /** Whether faults are to be injected. */
  readonly isInjected: boolean;
  /** For the job's own dice. */
  readonly seed: number;
}

/** What a job is given. */
export interface SoakContext {
  /** Aborts when the run is stopped, or when the job counts as deadlocked. */
  readonly signal: AbortSignal;
  /** Tell that something moved: a byte, a state. A job that does not tell for long counts as deadlocked. */
  readonly beat: (state?: string) => void;
}

/**
 * How a job went. All counts are whole numbers and default to nothing. A result that cannot be counted, such as more
 * failures than attempts, makes the whole job one failed attempt of the class `BadResult`, which says why.
 */
export interface SoakResult {
  /**
   * Things that were tried, such as downloads.
   *
   * @default {1}
   */
  readonly attempts?: number | undefined;
  /** Of these, how many failed after all retries. */
  readonly failures?: number | undefined;
  /** Of these, how many failed by a timeout. */
  readonly timeouts?: number | undefined;
  /** Of these, how many got into each other's way. */
  readonly concurrencyErrors?: number | undefined;
  /** Tries after the first. */
  readonly retries?: number | undefined;
  /** Faults that hit the job, injected or observed; unless told, a job was hit if faults were injected into it. */
  readonly faults?: number | undefined;
  /** Files that were compared with their source. */
  readonly files?: number | undefined;
  /** Of these, how many were wrong. */
  readonly mismatches?: number | undefined;
  /** Bytes that came. */
  readonly bytes?: number | undefined;
  /** What both ends counted. */
  readonly exchanges?: Reconciliation | undefined;
  /** Failures by class. */
  readonly errors?: Readonly<Record<string, number>> | undefined;
  /** Failures in words, for a person; a few are kept. */
  readonly messages?: readonly string[] | undefined;
  /** Changes of a breaker's state. */
  readonly transitions?: number | undefined;
  /** The mode at the end. */
  readonly mode?: string | undefined;
  /** The limit of what runs at once, at the end. */
  readonly limit?: number | undefined;
}

/**
 * Does a job. What it throws makes the whole job one failed attempt, however many it was to make; the name of it, or its
 * `failure`, is the class. Faults that were injected into such a job count as not recovered.
 */
export type SoakWork = (job: SoakJob, context: SoakContext) => Promise<SoakResult | void>;

/** A look at the system under test, after its garbage was collected; `null` for what cannot be known. */
export interface SoakProbe {
  /** Bytes on the heap. */
  readonly heapUsed: number | null;
  /** Bytes outside of it, such as buffers. */
  readonly external: number | null;
  /** Resident memory in bytes. */
  readonly rss: number | null;
  /** Open files and sockets. */
  readonly handles: number | null;
  /** Timers that wait. */
  readonly timers: number | null;
  /** How late the loop was, in milliseconds, at worst in 99 of 100 looks since the last probe. */
  readonly loopLagMs: number | null;
}
