import type { FailureClass } from "../failure/failure.ts";
import type { Reason } from "../reason.ts";

/** Class and HTTP status of a failed call. */
export interface FailureKind {
  /** The failure class. */
  readonly failure: FailureClass;
  /** The HTTP status; `null` if there was no response. */
  readonly status: number | null;
}

/**
 * Why a breaker refuses calls; the reason is a phrase that follows the name of a host, such as
 * `answers with errors (500): 6 of its last 10 calls failed`.
 */
export interface BreakerCause extends FailureKind, Reason {
  /** How the host fails, without figures, such as `answers with errors (500)`; `null` if a person opened the breaker. */
  readonly fault: string | null;
  /** The same and the reason for a Japanese reader. */
  readonly ja: Reason["ja"] & { readonly fault: string | null };
}
