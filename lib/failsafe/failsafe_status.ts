import type { BreakerCause } from "./state/breaker_cause.ts";
import type { BreakerState } from "./state/breaker_record.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";

/** The mode, the reason for it, and what would change it. */
export interface ModeStatus {
  /** The mode that this process should use. */
  readonly name: string;
  /** When the hold began or, without a hold, when the ladder last moved, ISO 8601 UTC. */
  readonly since: string;
  /** Why this mode is used, in plain words. */
  readonly reason: string;
  /** Whether the last step of the ladder was one up. */
  readonly isRising: boolean;
  /** The mode of the ladder itself, before force, hold and ceiling. */
  readonly ladder: string;
  /** The fastest mode that this process may use. */
  readonly ceiling: string;
  /**
   * The mode that is held manually, and the end of the hold, ISO 8601 UTC or `null` if it has no end; `null` if no mode
   * is held.
   */
  readonly hold: { readonly mode: string; readonly until: string | null } | null;
  /** Why this process ignores the ladder; `null` if it does not. */
  readonly forced: string | null;
  /** What would change the mode, one sentence each. */
  readonly wouldChange: readonly string[];
  /** The reason and what would change the mode, for a Japanese reader. */
  readonly ja: { readonly reason: string; readonly wouldChange: readonly string[] };
  /** The earliest time of a step up, ISO 8601 UTC; `null` if none is possible. */
  readonly nextCheck: string | null;
  /** Number of calls within the last minute and after the last step of the ladder. */
  readonly calls: number;
  /** How many of these calls failed. */
  readonly failures: number;
}

/** The state of one breaker. */
export interface BreakerStatus {
  /** The dependency that the breaker guards, such as a host. */
  readonly key: string;
  /** Which calls it lets through: all, none, or a few probes. */
  readonly state: BreakerState;
  /** When it entered this state, ISO 8601 UTC. */
  readonly since: string;
  /** When it admits probes, ISO 8601 UTC; `null` unless open. */
  readonly until: string | null;
  /** Reason for its last transition, as a phrase that follows the key; `null` before the first one. */
  readonly reason: string | null;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string | null };
  /** Why it opened. Kept while it is half-open; `null` if it is closed. */
  readonly cause: BreakerCause | null;
  /** How many of `calls` failed. */
  readonly failures: number;
  /** How many of `calls` were slow. */
  readonly slow: number;
  /** Number of calls that are considered: those of the last 50 that ended within the last minute. */
  readonly calls: number;
  /** Number of running probes. */
  readonly probes: number;
}

/** Status of a failsafe, as plain data. */
export interface FailsafeStatus {
  /** The mode, the reason for it, and what would change it. */
  readonly mode: ModeStatus;
  /** The breakers, sorted by key. */
  readonly breakers: readonly BreakerStatus[];
  /** The last transitions, up to 32, the newest at the end. */
  readonly events: readonly FailsafeEvent[];
}
