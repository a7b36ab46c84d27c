import type { BreakerCause } from "./breaker_cause.ts";

/** Which calls a breaker lets through: all (`closed`), none (`open`), or a few probes (`half-open`). */
export type BreakerState = "closed" | "open" | "half-open";

/** A running call, the outcome of which decides whether the breaker closes. */
export interface Probe {
  /** An ID that is unique in the process that makes the call. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What is known about a breaker apart from its window; plain data, times in milliseconds since the epoch. */
export interface BreakerRecord {
  /** Which calls it lets through. */
  readonly state: BreakerState;
  /** When `state` last changed. */
  readonly since: number;
  /** When it last left `closed`; `null` while closed. */
  readonly trippedAt: number | null;
  /** When it admits probes; `null` unless open. */
  readonly until: number | null;
  /** The last wait in milliseconds, before jitter; 0 while closed. */
  readonly waitMs: number;
  /** Reason for the last transition; `null` before the first one. */
  readonly reason: string | null;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string | null };
  /** Why it opened. Kept until it closes; `null` while closed. */
  readonly cause: BreakerCause | null;
  /** Number of transitions; calls that began in an earlier round do not count. */
  readonly round: number;
  /** Running probes. */
  readonly probes: readonly Probe[];
  /** Number of probes that succeeded. */
  readonly succeeded: number;
  /** Number of probes that failed. */
  readonly failed: number;
}

/**
 * Create the record of a new breaker.
 *
 * @param now Milliseconds since the epoch
 * @returns A closed breaker without history
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(freshBreaker(Date.now()).state, "closed");
 * ```
 */
export function freshBreaker(now: number): BreakerRecord {
  return {
    state: "closed",
    since: now,
    trippedAt: null,
    until: null,
    waitMs: 0,
    reason: null,
    ja: { reason: null },
    cause: null,
    round: 0,
    probes: [],
    succeeded: 0,
    failed: 0,
  };
}
