import type { BreakerCause } from "./breaker/breaker_cause.ts";
import type { BreakerPhase } from "./breaker/breaker_state.ts";
import type { FailsafeEvent } from "./failsafe_event.ts";

/** How a mode came to be, and what would change it. */
export interface ModeStatus {
  /** The rung that this process is to use. */
  readonly name: string;
  /** Since when the ladder stands where it does, ISO 8601 UTC. */
  readonly since: string;
  /** What put the ladder there, for a person. */
  readonly reason: string;
  /** The rung of the ladder itself, before force, hold and ceiling. */
  readonly ladder: string;
  /** The boldest rung of this process. */
  readonly ceiling: string;
  /** What a person fixed, and until when; `null` when nothing is. */
  readonly hold: { readonly mode: string; readonly until: string | null } | null;
  /** Why the ladder does not count here; `null` when it does. */
  readonly forced: string | null;
  /** What would change the mode, a sentence each. */
  readonly wouldChange: readonly string[];
  /** The earliest moment for a step up, ISO 8601 UTC; `null` when there is none. */
  readonly nextCheck: string | null;
  /** Calls of the last minute, and how many failed. */
  readonly calls: number;
  /** How many of them failed. */
  readonly failures: number;
}

/** How one breaker stands. */
export interface BreakerStatus {
  /** What it watches. */
  readonly key: string;
  /** What it does. */
  readonly state: BreakerPhase;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** When it will be tried, ISO 8601 UTC; `null` unless open. */
  readonly until: string | null;
  /** What opened it, in words that follow the key; `null` for a closed one. */
  readonly reason: string | null;
  /** What keeps calls from being made, kept while it is tried; `null` when it is closed. */
  readonly cause: BreakerCause | null;
  /** How many of `calls` failed. */
  readonly failures: number;
  /** How many of `calls` were slow. */
  readonly slow: number;
  /** The last 50 calls, as far as they are younger than a minute. */
  readonly calls: number;
  /** Probes under way. */
  readonly probes: number;
}

/** How a failsafe stands, as plain data. */
export interface FailsafeStatus {
  /** The mode. */
  readonly mode: ModeStatus;
  /** The breakers, by key. */
  readonly breakers: readonly BreakerStatus[];
  /** The last transitions, the newest at the end. */
  readonly events: readonly FailsafeEvent[];
}
