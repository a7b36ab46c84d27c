import { type Clock, formatDuration, isDenoError, KitError, type Random, systemClock } from "../../base/mod.ts";
import { FailureError, isRetryable, retry } from "../../failsafe/mod.ts";
import { withinLimit } from "../receivers/within_limit.ts";
import type { Notification } from "../receivers/notification.ts";
import type { Receiver } from "../receivers/receiver.ts";

/** Result of a delivery to one receiver. */
export interface DispatchResult {
  /** The receiver's address, without secrets. */
  readonly address: string;
  /** Whether the receiver accepted the notification. */
  readonly ok: boolean;
  /** Whether the notification left and no answer came: it may have arrived. */
  readonly isUnanswered: boolean;
  /** How long the service asked to wait after the last attempt, in milliseconds; `null` if it did not. */
  readonly retryAfterMs: number | null;
  /** Why the delivery failed, without secrets; `null` if it succeeded. */
  readonly error: string | null;
  /** Number of attempts. */
  readonly tries: number;
  /** How long all attempts and waits took, in milliseconds. */
  readonly ms: number;
}

/** Options of {@linkcode dispatch}. */
export interface DispatchOptions {
  /**
   * Time limit of one attempt, in milliseconds.
   *
   * @default {20000}
   */
  readonly timeoutMs?: number;
  /**
   * Maximum number of attempts. Only failures that may be temporary are retried, and never an attempt that may have
   * arrived.
   *
   * @default {3}
   */
  readonly maxAttempts?: number;
  /**
   * Time limit of all attempts and waits of a receiver, in milliseconds. It must be shorter than the lease of a delivery.
   *
   * @default {40000}
   */
  readonly totalMs?: number;
  /**
   * The first wait between attempts, in milliseconds, before jitter.
   *
   * @default {500}
   */
  readonly baseMs?: number;
  /** Stops all attempts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Clock for the waits and `totalMs`; tests pass a fake one. `timeoutMs` always counts real time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random numbers for jitter; tests pass a seeded generator.
   *
   * @default {Math.random}
   */
  readonly random?: Random;
}

/** If a service asks for a longer wait than this, the next attempt is left to a later delivery. */
const MAX_RETRY_AFTER_MS = 15_000;

/**
 * Send a notification to all receivers concurrently. None waits for another: a receiver that hangs is abandoned after
 * its time limit, even if it ignores its signal. The promise never rejects, because the caller needs the results of all
 * receivers in any case. After an abort, the unfinished receivers report a failure.
 *
 * @param notification The notification to send
 * @param receivers The addresses to send it to
 * @param options Limits, signal and clock
 * @returns A result for each receiver, in their order
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dispatch, parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";
 *
 * const receiver = parseReceiverUrl("stdout:", { print: () => Promise.resolve() });
 * const labels = { alertname: "Slow", severity: "warning" };
 * const annotations = { summary: "Answers take 3 s" };
 * const results = await dispatch({
 *   status: "firing",
 *   groupKey: "{}",
 *   groupLabels: {},
 *   alerts: [{ status: "firing", labels, annotations, startsAt: 0, endsAt: null, value: 3, fingerprint: "c0ffee" }],
 * }, [receiver]);
 * assertEquals(results.map(({ ok, tries }) => [ok, tries]), [[true, 1]]);
 * ```
 */
export function dispatch(
  notification: Notification,
  receivers: readonly Receiver[],
  options: DispatchOptions = {},
): Promise<readonly DispatchResult[]> {
  return Promise.all(receivers.map((receiver) => deliver(notification, receiver, options)));
}

async function deliver(
  notification: Notification,
  receiver: Receiver,
  options: DispatchOptions,
): Promise<DispatchResult> {
  const { timeoutMs = 20_000, maxAttempts: tries = 3, totalMs = 40_000, baseMs = 500, clock = systemClock } = options;
  const { random = Math.random, signal } = options;
  const start = clock.monotonic();
  let count = 0;
  let failure: unknown = null;
  let isUnanswered = false;
  try {
    await retry(async () => {
      count++;
      const leftMs = Math.max(1, totalMs - (clock.monotonic() - start));
      const limitMs = Math.min(timeoutMs, leftMs);
      const onTimeout = () => timeoutError(receiver, limitMs);
      const send = (stop: AbortSignal) => receiver.send(notification, { signal: stop });
      try {
        await withinLimit(send, { timeoutMs: limitMs, signal, onTimeout });
      } catch (thrown) {
        // Whether it left is asked at once: later, a service that was away may be back.
        isUnanswered = isTimeout(thrown) && await mayHaveArrived(receiver, signal);
        throw thrown;
      }
    }, {
      shouldRetry: (thrown) => !isUnanswered && isRetryable(thrown),
      maxRetries: tries - 1,
      totalMs,
      baseMs,
      capMs: 8 * baseMs,
      maxRetryAfterMs: MAX_RETRY_AFTER_MS,
      clock,
      random,
      signal,
    });
  } catch (thrown) {
    failure = thrown;
  }
  const ms = clock.monotonic() - start;
  const error = failure === null ? null : formatError(failure, receiver);
  const retryAfterMs = failure instanceof FailureError ? failure.retryAfterMs ?? null : null;
  return {
    address: receiver.description,
    ok: error === null,
    isUnanswered,
    retryAfterMs,
    error,
    tries: count,
    ms,
  };
}

/** How long the check for a connection may take, in milliseconds. */
const REACH_MS = 3000;

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof FailureError && thrown.failure === "timeout" && thrown.status === undefined;
}

/** Whether a message without an answer may have left: not if the service takes no connections. */
async function mayHaveArrived(receiver: Receiver, signal: AbortSignal | undefined): Promise<boolean> {
  const limit = AbortSignal.timeout(REACH_MS);
  const isReachable = receiver.isReachable?.({
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  return await isReachable ?? true;
}

function timeoutError(receiver: Receiver, limitMs: number): FailureError {
  const state = `no answer within ${formatDuration(Math.ceil(limitMs))}`;
  return new FailureError("timeout", `Cannot notify "${receiver.description}": ${state}`);
}

/** A `KitError` is safe to show; any other error may quote a secret. */
function formatError(thrown: unknown, receiver: Receiver): string {
  if (thrown instanceof KitError) {
    return thrown.hint === undefined ? thrown.message : `${thrown.message}. ${thrown.hint}`;
  }
  return `Cannot notify "${receiver.description}": ${stateOf(thrown)}`;
}

function stateOf(thrown: unknown): string {
  if (isDenoError(thrown, "NotCapable")) return "the runtime denies permission; see the task's permissions";
  if (thrown instanceof DOMException && thrown.name === "AbortError") return "stopped";
  return thrown instanceof Error ? thrown.name : "an unknown error";
}
