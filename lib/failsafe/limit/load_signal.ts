import { classifyFailure, type FailureClass, FailureError } from "../failure/failure.ts";
import type { LimitOutcome } from "./limit_outcome.ts";

/**
 * What a failure says about load, and therefore which mechanism handles it.
 *
 * - `pace`: too many requests per second; slow the pacer, since requests in flight are not the cause
 * - `quota`: a quota is exhausted for hours; end the batch
 * - `refused`: too many requests at once; shrink the limit
 * - `failed`: no usable response; do not grow
 * - `none`: a response about one item, or a local cause
 */
export type LoadSignal = {
  /** Which mechanism handles it. */
  readonly type: "pace" | "quota" | "refused" | "failed" | "none";
  /** Wait that the server requested, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Outcome to report to the permit. */
  readonly outcome: LimitOutcome;
};

/** Options of {@linkcode loadSignalOf}. */
export interface LoadSignalOptions {
  /**
   * Which kind of server responded: a 429 of the API counts requests, a 429 of a storage counts connections.
   *
   * @default {"storage"}
   */
  readonly from?: "api" | "storage";
}

const NO_ANSWER: ReadonlySet<FailureClass> = new Set(["timeout", "stall", "connection", "dns", "tls", "server"]);

/**
 * Derive the load signal of a failure. Four signals require four different reactions:
 *
 * 1. The API's 429 "slow down" (`pace`): fewer requests per second. Pause the pacer for Retry-After; the limit of
 *    requests in flight stays, since it is not the cause.
 * 2. The 429 of the download quota (`quota`): stop the batch for hours. Neither limit nor pacer would help.
 * 3. A storage's 503 or 429 (`refused`; also the API's 503, which caps its concurrent work): fewer requests at once.
 *    The limit shrinks, and no request starts before Retry-After.
 * 4. The local line is saturated. This is not a failure, so this function never returns it. Latencies grow while
 *    throughput stays flat, and the limit shrinks by the gradient of the latencies that are reported to permits with
 *    `ok`.
 *
 * The third kind of 429, too many pages requested, is an error of the caller: `none`.
 *
 * @param error The thrown value
 * @param options Which kind of server responded
 * @returns The signal, with the outcome for the permit
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FailureError, loadSignalOf } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const error = new FailureError("throttled", 'Cannot fetch "a.bin": too many requests', { status: 429 });
 * assertEquals(loadSignalOf(error, { from: "api" }).type, "pace");
 * assertEquals(loadSignalOf(error, { from: "storage" }).type, "refused");
 * ```
 */
export function loadSignalOf(error: unknown, options: LoadSignalOptions = {}): LoadSignal {
  const { from = "storage" } = options;
  const failure = classifyFailure(error);
  const { status, retryAfterMs } = error instanceof FailureError ? error : {};
  if (failure === "quota") return { type: "quota", retryAfterMs, outcome: { type: "ignored" } };
  if (failure === "throttled" && from === "api" && status !== 503) {
    return { type: "pace", retryAfterMs, outcome: { type: "ignored" } };
  }
  if (failure === "throttled" || (failure === "server" && status === 503)) {
    return { type: "refused", retryAfterMs, outcome: { type: "refused", retryAfterMs } };
  }
  if (NO_ANSWER.has(failure)) return { type: "failed", outcome: { type: "failed" } };
  return { type: "none", outcome: { type: "ignored" } };
}
