import type { BreakerCause } from "./breaker_cause.ts";
import type { CallOutcome } from "./call_outcome.ts";

/** What a breaker says to a call. */
export interface Admission extends Disposable {
  /** Make the call; make it, and the breaker's fate hangs on it; or do without. */
  readonly type: "allowed" | "probe" | "refused";
  /** When to ask again, in milliseconds; 0 unless refused. */
  readonly retryInMs: number;
  /** Why it is refused; `null` unless refused. */
  readonly refusal: BreakerCause | null;
  /** Report received bytes: they show that the host is there. Cheap enough for frequent calls. */
  flows(): void;
  /** Say how the call ended; only the first word counts, and none counts after a refusal. */
  done(outcome: CallOutcome): void;
}
