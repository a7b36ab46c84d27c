import { type Clock, isDenoError, KitError, type Random, systemClock } from "../../base/mod.ts";
import { FailureError, retry } from "../../failsafe/mod.ts";
import { withinLimit } from "../receivers/within_limit.ts";
import type { Notification } from "./notification.ts";
import type { Receiver } from "../receivers/receiver.ts";

/** Result of a delivery to one receiver. */
export interface DispatchResult {
  /** The receiver's name. */
  readonly receiver: string;
  /** Whether the receiver accepted the notification. */
  readonly ok: boolean;
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
   * @default {10000}
   */
  readonly timeoutMs?: number;
  /**
   * Maximum number of attempts; only failures that may be temporary are retried.
   *
   * @default {3}
   */
  readonly maxAttempts?: number;
  /**
   * Time limit of all attempts and waits of a receiver, in milliseconds. The default is less than the usual 30 seconds
   * between two evaluations.
   *
   * @default {25000}
   */
  readonly totalMs?: number;
  /**
   * The first wait between attempts, in milliseconds, before jitter.
   *
   * @default {500}
   */
  readonly baseMs?: number;
  /** Called with the result of each receiver as soon as it is known; must not throw. */
  readonly onResult?: ((result: DispatchResult) => void) | undefined;
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

/** If a service asks for a longer wait than this, the next attempt is left to the next evaluation. */
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
 *   receiver: "me",
 *   status: "firing",
 *   groupKey: "me:{}",
 *   groupLabels: {},
 *   alerts: [{ status: "firing", labels, annotations, startsAt: 0, endsAt: null, value: 3, fingerprint: "c0ffee" }],
 *   truncated: 0,
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
  const { timeoutMs = 10_000, maxAttempts: tries = 3, totalMs = 25_000, baseMs = 500, clock = systemClock } = options;
  const { random = Math.random, signal, onResult } = options;
  const start = clock.monotonic();
  let count = 0;
  let error: string | null = null;
  try {
    await retry(async () => {
      count++;
      const leftMs = Math.max(1, totalMs - (clock.monotonic() - start));
      const limitMs = Math.min(timeoutMs, leftMs);
      const onTimeout = () => timeoutError(receiver, limitMs);
      const send = (stop: AbortSignal) => receiver.send(notification, { signal: stop });
      await withinLimit(send, { timeoutMs: limitMs, signal, onTimeout });
    }, {
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
    error = formatError(thrown, receiver);
  }
  const ms = clock.monotonic() - start;
  const result = { receiver: receiver.name, ok: error === null, error, tries: count, ms };
  onResult?.(result);
  return result;
}

function timeoutError(receiver: Receiver, limitMs: number): FailureError {
  const state = `no answer within ${Math.round(limitMs)} ms`;
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
