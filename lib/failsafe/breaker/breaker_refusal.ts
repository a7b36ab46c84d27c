import { formatDuration, shell } from "../../base/mod.ts";
import type { Admission } from "./admission.ts";
import { FailureError } from "../failure/failure.ts";

/** Options of {@linkcode breakerRefusal}. */
export interface BreakerRefusalOptions {
  /** The dependency that the breaker guards, such as a host. */
  readonly key: string;
  /** The answer of the breaker, a refusal. */
  readonly admission: Pick<Admission, "refusal" | "retryInMs">;
  /** How long the caller has waited to be admitted, in milliseconds; if set, the message mentions it. */
  readonly waitedMs?: number | undefined;
  /** Whether the caller may retry by itself; by default true for the transient classes. */
  readonly retryable?: boolean | undefined;
}

/**
 * Create the error for a call that a breaker refused. Its class is that of the failures that opened the breaker, so
 * that counts per class reflect the actual problem. `refusedBy` shows that this call itself was not made.
 *
 * @param action The attempted action, such as `Cannot fetch "x"`
 * @param options The breaker and its refusal
 * @returns The error
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRefusal, Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 *
 * await using failsafe = Failsafe.inMemory();
 * failsafe.trip("example.com");
 * const admission = failsafe.admit("example.com");
 * const error = breakerRefusal('Cannot fetch "a.bin"', { key: "example.com", admission });
 * assertEquals([error.failure, error.refusedBy], ["tripped", "example.com"]);
 * ```
 */
export function breakerRefusal(action: string, options: BreakerRefusalOptions): FailureError {
  const { key, admission: { refusal, retryInMs }, waitedMs, retryable } = options;
  const { failure = "unknown", status = null, reason = "does not answer" } = refusal ?? {};
  const isByHand = failure === "tripped";
  const state = isByHand ? `the breaker of "${key}" was opened manually` : `"${key}" ${reason}`;
  const waited = waitedMs === undefined ? "" : `; waited ${formatDuration(waitedMs)}`;
  const next = formatDuration(Math.ceil(retryInMs / 1000) * 1000);
  const hint = isByHand
    ? shell`\`civitai-dl failsafe reset ${key}\` closes it`
    : "Run again later to resume; `civitai-dl failsafe` shows the state, --patience sets how long to keep trying";
  return new FailureError(failure, `${action}: ${state}${waited}; next attempt in ${next}`, {
    hint,
    refusedBy: key,
    retryAfterMs: retryInMs,
    ...status === null ? {} : { status },
    ...retryable === undefined ? {} : { retryable },
  });
}
