import { classifyFailure, type FailureClass, FailureError } from "../failure/failure.ts";
import type { LimitOutcome } from "./limit_outcome.ts";

/** Options of {@linkcode loadOutcomeOf}. */
export interface LoadOutcomeOptions {
  /**
   * Which kind of server responded: a 429 of the API counts requests, a 429 of a storage counts connections.
   *
   * @default {"storage"}
   */
  readonly from?: "api" | "storage";
}

const NO_ANSWER: ReadonlySet<FailureClass> = new Set(["timeout", "stall", "connection", "dns", "tls", "server"]);

/**
 * What a failure says about the load of a host, for the permit of the request:
 *
 * 1. The API's 429 "slow down" is `ignored`: the pacer waits for Retry-After, and requests in flight are not the cause.
 *    So are the 429 of the download quota, which ends the batch for hours, and that for too many pages, an error of the
 *    caller.
 * 2. A storage's 503 or 429 is `refused`, as is the API's 503, which caps its concurrent work: fewer requests at once,
 *    and none before Retry-After.
 * 3. No usable response is `failed`; a response about one item and a local cause are `ignored`.
 *
 * That the local line is saturated is no failure: latencies grow while throughput stays flat, and the limit shrinks by
 * the gradient of the latencies that are reported to permits with `ok`.
 *
 * @param error The thrown value
 * @param options Which kind of server responded
 * @returns The outcome for the permit
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FailureError, loadOutcomeOf } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const error = new FailureError("throttled", 'Cannot fetch "a.bin": too many requests', { status: 429 });
 * assertEquals(loadOutcomeOf(error, { from: "api" }).type, "ignored");
 * assertEquals(loadOutcomeOf(error, { from: "storage" }).type, "refused");
 * ```
 */
export function loadOutcomeOf(error: unknown, options: LoadOutcomeOptions = {}): LimitOutcome {
  const { from = "storage" } = options;
  const failure = classifyFailure(error);
  const { status, retryAfterMs } = error instanceof FailureError ? error : {};
  if (failure === "throttled" && from === "api" && status !== 503) return { type: "ignored" };
  if (failure === "throttled" || (failure === "server" && status === 503)) return { type: "refused", retryAfterMs };
  return { type: NO_ANSWER.has(failure) ? "failed" : "ignored" };
}
