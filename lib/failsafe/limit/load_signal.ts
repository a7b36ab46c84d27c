import { classifyFailure, type FailureClass, FailureError } from "../failure/failure.ts";
import type { LimitOutcome } from "./limit_outcome.ts";

/**
 * What a failure says about load, and with that who has to answer it.
 *
 * - `pace`: too many requests a second; slow the pacer, in-flight work is not the matter
 * - `quota`: used up for hours; end the batch
 * - `refused`: too much at once; shrink the limit
 * - `failed`: no usable answer; do not grow
 * - `none`: an answer about one thing, or our own doing
 */
export type LoadSignal = {
  /** Who has to answer. */
  readonly type: "pace" | "quota" | "refused" | "failed" | "none";
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** What to tell the permit. */
  readonly outcome: LimitOutcome;
};

/** Options of {@linkcode loadSignalOf}. */
export interface LoadSignalOptions {
  /**
   * Who was asked: a 429 of the API counts requests, one of a storage counts connections.
   *
   * @default {"storage"}
   */
  readonly from?: "api" | "storage";
}

const NO_ANSWER: ReadonlySet<FailureClass> = new Set(["timeout", "stall", "connection", "dns", "tls", "server"]);

/**
 * Read the load out of a failure. Four signals have four different answers:
 *
 * 1. The API's 429 "slow down" (`pace`): fewer requests a second. Pause the pacer for Retry-After; the limit of work in
 *    flight stays, since it did not cause this.
 * 2. The 429 of the download quota (`quota`): stop the batch for hours. Neither limit nor pacer would help.
 * 3. A storage's 503 or 429 (`refused`; so is the API's 503, which caps what it does at once): fewer at once. The limit
 *    shrinks, and nothing starts before Retry-After.
 * 4. Our own line is full: this is no failure, so it never comes from here. Latencies grow while throughput stays flat;
 *    the limit shrinks by the gradient of the latencies that permits report with `ok`.
 *
 * The third 429, too many pages asked for, is a mistake of the caller: `none`.
 *
 * @param error What was thrown
 * @param options Who was asked
 * @returns The signal, with the outcome for the permit
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
