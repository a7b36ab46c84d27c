import type { BreakerCause } from "./breaker_cause.ts";
import type { BreakerRecord, BreakerState } from "./breaker_record.ts";
import type { Reason } from "../reason.ts";

/** Result of an operation on a breaker. */
export interface BreakerStep {
  /** The new record. */
  readonly record: BreakerRecord;
  /** The transitions, in order; usually none. */
  readonly changes: readonly BreakerChange[];
}

/** A transition of a breaker. */
export interface BreakerChange extends Reason {
  /** State before the transition. */
  readonly from: BreakerState;
  /** State after the transition. */
  readonly to: BreakerState;
  /** Why the breaker is not closed; `null` if it is closed. */
  readonly cause: BreakerCause | null;
  /** How long all calls are refused, in milliseconds; 0 unless open. */
  readonly retryInMs: number;
}
