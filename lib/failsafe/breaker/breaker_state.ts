import type { BreakerCause } from "./breaker_cause.ts";

/** What a breaker does: lets everything through, nothing, or a few probes. */
export type BreakerPhase = "closed" | "open" | "half-open";

/** A call that tries whether an open breaker may close. */
export interface Probe {
  /** Its own. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** All that a breaker remembers besides its window; data only, times in milliseconds since the epoch. */
export interface BreakerState {
  /** What it does. */
  readonly phase: BreakerPhase;
  /** Since when. */
  readonly since: number;
  /** When it last left `closed`; `null` while it is closed. */
  readonly trippedAt: number | null;
  /** When it may be tried; `null` unless open. */
  readonly until: number | null;
  /** The last wait, before jitter; 0 before the first. */
  readonly waitMs: number;
  /** Why it is as it is; `null` before anything happened. */
  readonly reason: string | null;
  /** What opened it, kept until it closes; `null` while it is closed. */
  readonly cause: BreakerCause | null;
  /** Counts the transitions: what began before the last of them says nothing about now. */
  readonly round: number;
  /** Probes that are under way. */
  readonly probes: readonly Probe[];
  /** Probes that did well. */
  readonly succeeded: number;
  /** Probes that failed. */
  readonly failed: number;
}

/**
 * A breaker to which nothing has happened.
 *
 * @param now Milliseconds since the epoch
 * @returns Closed
 */
export function freshBreaker(now: number): BreakerState {
  return {
    phase: "closed",
    since: now,
    trippedAt: null,
    until: null,
    waitMs: 0,
    reason: null,
    cause: null,
    round: 0,
    probes: [],
    succeeded: 0,
    failed: 0,
  };
}
