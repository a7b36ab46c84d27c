import { type Clock, KitError, type Random, systemClock } from "../../base/mod.ts";
import { FailureError, retry } from "../../failsafe/mod.ts";
import { withinLimit } from "../receivers/within_limit.ts";
import type { Notification } from "./notification.ts";
import type { Receiver } from "../receivers/receiver.ts";

/** What came of telling one receiver. */
export interface DispatchResult {
  /** The receiver's name. */
  readonly receiver: string;
  /** Whether it took the notification. */
  readonly ok: boolean;
  /** Why not, in words that are safe to show; `null` when it did. */
  readonly error: string | null;
  /** How often it was tried. */
  readonly tries: number;
  /** How long all tries and waits took, in milliseconds. */
  readonly ms: number;
}

/** Options of {@linkcode dispatch}. */
export interface DispatchOptions {
  /**
   * The longest time of one try.
   *
   * @default {10000}
   */
  readonly timeoutMs?: number;
  /**
   * Tries at most, of failures that may pass.
   *
   * @default {3}
   */
  readonly tries?: number;
  /**
   * The longest time of all tries and waits of a receiver: less than the usual 30 seconds between two evaluations.
   *
   * @default {25000}
   */
  readonly totalMs?: number;
  /**
   * The first wait between tries, before jitter.
   *
   * @default {500}
   */
  readonly baseMs?: number;
  /** Called for each receiver as soon as it is through; must not throw. */
  readonly onResult?: ((result: DispatchResult) => void) | undefined;
  /** Stops all tries. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time of waits, as a seam; limits are in real time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Dice of waits, as a seam.
   *
   * @default {Math.random}
   */
  readonly random?: Random;
}

/** A longer wait than this between tries is left to the next evaluation. */
const MAX_RETRY_AFTER_MS = 15_000;

/**
 * Tell all receivers side by side. None waits for another: one that hangs is given up after its time limit, even if it
 * does not heed its signal. Nothing is thrown, since what the others took must be known in any case; an abort makes
 * the receivers that are not through fail with its reason.
 *
 * @param notification What to tell
 * @param receivers Whom
 * @param options Limits and seams
 * @returns A result for each receiver, in their order
 *
 * @example
 * ```ts
 * import { dispatch, parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";
 * const lines: string[] = [];
 * const receiver = parseReceiverUrl("stdout:", { print: (text) => Promise.resolve(void lines.push(text)) });
 * const results = await dispatch({
 *   ...{ receiver: "me", status: "firing", groupKey: "g", groupLabels: {}, truncated: 0 },
 *   alerts: [{ status: "firing", labels: { alertname: "disk" }, annotations: {}, startsAt: 0, endsAt: null, value: 91, fingerprint: "a" }],
 * }, [receiver]);
 * console.assert(results[0]?.ok === true);
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
  const { timeoutMs = 10_000, tries = 3, totalMs = 25_000, baseMs = 500, clock = systemClock } = options;
  const { random = Math.random, signal, onResult } = options;
  const start = clock.monotonic();
  let count = 0;
  let error: string | null = null;
  try {
    await retry(async () => {
      count++;
      const leftMs = Math.max(1, totalMs - (clock.monotonic() - start));
      const limitMs = Math.min(timeoutMs, leftMs);
      const onTimeout = () => lateError(receiver, limitMs);
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
    error = explain(thrown, receiver);
  }
  const ms = clock.monotonic() - start;
  const result = { receiver: receiver.name, ok: error === null, error, tries: count, ms };
  onResult?.(result);
  return result;
}

function lateError(receiver: Receiver, limitMs: number): FailureError {
  const state = `no answer within ${Math.round(limitMs)} ms`;
  return new FailureError("timeout", `Cannot notify "${receiver.describe}": ${state}`);
}

/** Our own errors are safe to show; what else comes may quote anything. */
function explain(thrown: unknown, receiver: Receiver): string {
  if (thrown instanceof KitError) {
    return thrown.hint === undefined ? thrown.message : `${thrown.message}. ${thrown.hint}`;
  }
  return `Cannot notify "${receiver.describe}": ${stateOf(thrown)}`;
}

function stateOf(thrown: unknown): string {
  if (thrown instanceof Deno.errors.NotCapable) return "the runtime does not permit it; see the task's permissions";
  if (thrown instanceof DOMException && thrown.name === "AbortError") return "stopped";
  return thrown instanceof Error ? thrown.name : "an unknown error";
}
