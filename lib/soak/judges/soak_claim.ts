/** Part of the message of a failure: a file differs from its source. Such messages explain the claim `integrity`. */
export const WRONG_BYTES = "wrong bytes";
/** The same for an item that is not there, of the claim `completeness`. */
export const MISSING = "missing";
/** The same for a silence that was not cut in time, of the claim `late_cut_rate`. */
export const LATE_CUT = "cut too late";
/** The same for a file of which more was sent than wanted, of the claim `wire_bytes`. */
export const TOO_MANY_BYTES = "too many bytes";

/** What the message of a failure explains: a claim of its own, `lost` for the end of a process, or any other failure. */
export type FailureKind =
  | typeof WRONG_BYTES
  | typeof MISSING
  | typeof LATE_CUT
  | typeof TOO_MANY_BYTES
  | "lost"
  | "other";

/** Tell from its message what a failure explains. */
export function kindOfFailure(message: string): FailureKind {
  const named = [WRONG_BYTES, MISSING, LATE_CUT, TOO_MANY_BYTES] as const;
  return named.find((kind) => message.includes(`${kind}: `)) ??
    (/: The process (?:ended|was killed)\b/.test(message) ? "lost" : "other");
}

/** A claim about a run; each is judged on its own. */
export type ClaimId =
  | "timeout_rate"
  | "success_rate"
  | "recovery_rate"
  | "concurrency_error_rate"
  | "late_cut_rate"
  | "completeness"
  | "wire_bytes"
  | "deadlocks"
  | "restarts"
  | "integrity"
  | "reconciliation_requests"
  | "reconciliation_bytes"
  | "leak_heap"
  | "leak_external"
  | "leak_handles"
  | "leak_timers"
  | "memory_cap"
  | "duration";

/** A rate that is also judged for each group of jobs. */
export type GroupRate = "timeout_rate" | "success_rate" | "recovery_rate";

/** A claim about one group of jobs, such as `success_rate:turbo`. */
export type GroupClaimId = `${GroupRate}:${string}`;

/** The verdict on a claim; `inconclusive` if there is not enough evidence for either. */
export type ClaimVerdict = "pass" | "fail" | "inconclusive";

/** The condition that the number of a claim must meet. */
export interface ClaimRequirement {
  /** The comparison of the number with `value`. */
  readonly op: "<" | ">" | "<=" | ">=" | "=";
  /** The limit, in the unit of the claim. */
  readonly value: number;
}

/** A judged claim with its evidence, so that no rate is reported without its counts and bound. */
export interface SoakClaim {
  /** The name of the claim. */
  readonly id: ClaimId | GroupClaimId;
  /** The unit of `estimate`, `bound` and the requirement; a rate is from 0 to 1. */
  readonly unit: "rate" | "ratio" | "count" | "bytes" | "bytes per day" | "handles per day" | "timers per day" | "ms";
  /** The point estimate; `null` if there is none. */
  readonly estimate: number | null;
  /** How often the event occurred; `null` for a claim that does not count events. */
  readonly events: number | null;
  /** How often the event could have occurred, or the number of samples. */
  readonly trials: number;
  /** The confidence bound that must meet the requirement; `null` if the number is exact or unknown. */
  readonly bound: number | null;
  /** The confidence level of the bound, from 0 to 1; `null` if not applicable. */
  readonly confidence: number | null;
  /** The condition for a pass. */
  readonly requirement: ClaimRequirement;
  /** The verdict on the claim. */
  readonly verdict: ClaimVerdict;
  /** A remark for the reader of the report; `null` if there is none. */
  readonly note: string | null;
  /** The flag with which a run would decide, such as `--duration 6h`; absent if the claim is decided. */
  readonly decides?: string | undefined;
}
