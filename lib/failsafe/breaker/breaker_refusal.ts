import { formatDuration } from "../../base/mod.ts";
import type { Admission } from "./admission.ts";
import { FailureError } from "../failure/failure.ts";

/** What a refusal is about. */
export interface BreakerRefusalFacts {
  /** What the breaker watches, such as a host. */
  readonly key: string;
  /** The breaker's answer. */
  readonly leave: Pick<Admission, "refusal" | "retryInMs">;
  /** How long the caller has waited for it, in milliseconds; told when given. */
  readonly waitedMs?: number | undefined;
  /** Whether the caller may try again by itself; by default if the class is a transient one. */
  readonly retryable?: boolean | undefined;
}

/**
 * The error of a call that a breaker did not let through. Its class is that of the failures which opened the breaker, so
 * that whoever counts classes counts what happened; `refusedBy` says that this call itself was not made.
 *
 * @param action What was attempted, such as `Cannot fetch "x"`
 * @param facts The breaker and its answer
 * @returns The error
 */
export function breakerRefusal(action: string, facts: BreakerRefusalFacts): FailureError {
  const { key, leave: { refusal, retryInMs }, waitedMs, retryable } = facts;
  const { failure = "unknown", status = null, reason = "does not answer" } = refusal ?? {};
  const isByHand = failure === "tripped";
  const state = isByHand ? `the breaker of "${key}" was opened by hand` : `"${key}" ${reason}`;
  const waited = waitedMs === undefined ? "" : `; it was waited for ${formatDuration(waitedMs)}`;
  const next = formatDuration(Math.ceil(retryInMs / 1000) * 1000);
  const hint = isByHand
    ? `\`civitai-dl failsafe reset ${key}\` closes it`
    : "Run again later to go on; `civitai-dl failsafe` says how it is, --patience how long to wait";
  return new FailureError(failure, `${action}: ${state}${waited}; it is asked again in ${next}`, {
    hint,
    refusedBy: key,
    retryAfterMs: retryInMs,
    ...status === null ? {} : { status },
    ...retryable === undefined ? {} : { retryable },
  });
}
