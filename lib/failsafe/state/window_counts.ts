import type { FailureKind } from "../failure/failure_kind.ts";

/** Counts of calls in a period. */
export interface WindowCounts {
  /** All calls that count. */
  readonly calls: number;
  /** Calls that failed. */
  readonly failures: number;
  /** Calls that were slow. */
  readonly slow: number;
}

/** One call of a window. */
export interface WindowCall {
  /** `failed`: no usable response; `hard`: the dependency was not there at all. */
  readonly outcome: "ok" | "failed" | "hard";
  /** Whether the call was slow. */
  readonly isSlow?: boolean | undefined;
  /** Kind of its failure; absent if unknown. */
  readonly kind?: FailureKind | undefined;
}
