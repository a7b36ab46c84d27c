/** What a run is to show: each is judged alone. */
export type ClaimId =
  | "timeout_rate"
  | "success_rate"
  | "recovery_rate"
  | "concurrency_error_rate"
  | "deadlocks"
  | "restarts"
  | "integrity"
  | "reconciliation_requests"
  | "reconciliation_bytes"
  | "leak_heap"
  | "leak_external"
  | "leak_handles"
  | "memory_cap"
  | "duration";

/** `inconclusive`: not enough was seen to say either. */
export type ClaimVerdict = "pass" | "fail" | "inconclusive";

/** What a number has to be. */
export interface ClaimRequirement {
  /** How it is compared. */
  readonly op: "<" | ">" | "<=" | ">=" | "=";
  /** With what, in the claim's own unit. */
  readonly value: number;
}

/** A claim with all that it rests on: never a rate without its count and its bound. */
export interface SoakClaim {
  /** The name of the claim. */
  readonly id: ClaimId;
  /** What the numbers count: a share of 1, a count, bytes, bytes an hour, handles, or milliseconds. */
  readonly unit: "rate" | "count" | "bytes" | "bytes per hour" | "handles" | "ms";
  /** The best single number; `null` if there is none. */
  readonly estimate: number | null;
  /** How often it happened; `null` where nothing is counted. */
  readonly events: number | null;
  /** How often it could have happened, or how many samples there are. */
  readonly trials: number;
  /** The end of the interval that has to keep the requirement; `null` where a count is exact, or nothing is known. */
  readonly bound: number | null;
  /** How sure the bound is; `null` with it. */
  readonly confidence: number | null;
  /** What is asked for. */
  readonly requirement: ClaimRequirement;
  /** What comes of it. */
  readonly verdict: ClaimVerdict;
  /** What else is to be known, for a person. */
  readonly note: string | null;
}
