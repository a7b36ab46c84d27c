/** Part of the message of a failure: a file differs from its source. Such messages explain the claim `integrity`. */
export const WRONG_BYTES = "wrong bytes";
/** The same for an item that is not there, of the claim `completeness`. */
export const MISSING = "missing";
/** The same for a silence that was not cut in time, of the claim `late_cut_rate`. */
export const LATE_CUT = "cut too late";
/** The same for a file of which more was sent than wanted, of the claim `wire_bytes`. */
export const TOO_MANY_BYTES = "too many bytes";

/** What the message of a failure explains: a claim of its own, `lost` for the end of a process, or any other failure. */
export type FailureReason =
  | typeof WRONG_BYTES
  | typeof MISSING
  | typeof LATE_CUT
  | typeof TOO_MANY_BYTES
  | "lost"
  | "other";

/** Tell from its message what a failure explains. */
export function kindOfFailure(message: string): FailureReason {
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
