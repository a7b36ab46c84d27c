import type { BreakerCause } from "./breaker_cause.ts";
import type { CallOutcome } from "./call_outcome.ts";

/** The response of a breaker to a request for a permit. Disposing it without `done` reports no outcome. */
export interface BreakerPermit extends Disposable {
  /** `allowed`: make the call; `probe`: make it, its outcome decides about the breaker; `refused`: do not make it. */
  readonly type: "allowed" | "probe" | "refused";
  /** When to request a permit again, in milliseconds from now; 0 unless refused. */
  readonly retryInMs: number;
  /** Why the call is refused; `null` unless refused. */
  readonly refusal: BreakerCause | null;
  /** Report received bytes: they show that the host is up. Cheap enough for frequent calls. */
  flows(): void;
  /** Report the outcome of the call; only the first report counts, and none counts after a refusal. */
  done(outcome: CallOutcome): void;
}
