import type { BreakerCause } from "../state/breaker_cause.ts";
import type { CallOutcome } from "./call_outcome.ts";

/** The answer of a breaker that was asked to admit a call. Disposing it without `finish` reports no outcome. */
export interface Admission extends Disposable {
  /**
   * Whether to make the call: `allowed` means yes, `probe` means yes and that its outcome decides whether the breaker
   * closes, and `refused` means no.
   */
  readonly type: "allowed" | "probe" | "refused";
  /** When to ask again, in milliseconds from now; 0 unless refused. */
  readonly retryInMs: number;
  /** Why the call is refused; `null` unless refused. */
  readonly refusal: BreakerCause | null;
  /** Report that bytes were received, which shows that the host is up. Cheap enough for frequent calls. */
  recordFlow(): void;
  /** Report the outcome of the call. Only the first report counts, and after a refusal none does. */
  finish(outcome: CallOutcome): void;
}
