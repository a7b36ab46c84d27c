import type { FailureKind } from "./breaker_cause.ts";

/** How the calls of a while ended. */
export interface WindowCounts {
  /** All that count. */
  readonly calls: number;
  /** Those that failed. */
  readonly failures: number;
  /** Those that took too long. */
  readonly slow: number;
}

/** One call, for a window. */
export interface WindowCall {
  /** `hard`: nobody was there; `failed`: no usable answer. */
  readonly end: "ok" | "failed" | "hard";
  /** It took too long. */
  readonly isSlow?: boolean | undefined;
  /** What it failed with; not known when absent. */
  readonly kind?: FailureKind | undefined;
}
