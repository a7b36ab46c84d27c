import type { FailureKind } from "../failure/failure_kind.ts";
import type { Reason } from "../reason.ts";

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
