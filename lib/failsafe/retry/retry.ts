import { type Clock, type Random, systemClock } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError, isRetryable } from "../failure/failure.ts";
import { fullJitter } from "./full_jitter.ts";
import { RETRY_POLICY } from "./retry_policy.ts";

const MAX_RETRIES_BY_CLASS: Partial<Record<FailureClass, number>> = RETRY_POLICY.maxRetriesByClass;

/** Facts of a retry, reported before its wait. */
export interface RetryNotice {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** Wait before the next attempt, in milliseconds. */
  readonly waitMs: number;
  /** Class of the failure. */
  readonly failure: FailureClass;
  /** The thrown value. */
  readonly error: unknown;
}

/** Options of {@linkcode retry}. */
export interface RetryOptions {
  /**
   * Maximum number of retries after the first attempt.
   *
   * @default {5}
   */
  readonly maxRetries?: number;
  /**
   * Time limit for all attempts and waits together, in milliseconds. May depend on the error of the last attempt.
   *
   * @default {Infinity}
   */
  readonly totalMs?: number | ((error: unknown) => number);
  /**
   * The first wait in milliseconds, before jitter.
   *
   * @default {1000}
   */
  readonly baseMs?: number;
  /**
   * The longest wait in milliseconds, before jitter; a function is called before each wait.
   *
   * @default {30000}
   */
  readonly capMs?: number | (() => number);
  /**
   * If a Retry-After is longer than this, in milliseconds, the error is thrown without waiting.
   *
   * @default {120000}
   */
  readonly maxRetryAfterMs?: number;
  /**
   * Whether a failure is worth another attempt.
   *
   * @default {isRetryable}
   */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** Called before each wait. */
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
  /** Returns a signal that ends a wait early, unless the server requested the wait; called before each wait. */
  readonly wake?: (() => AbortSignal | undefined) | undefined;
  /** Stops attempts and waits; the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * Random source for the jitter; tests pass a fake one.
   *
   * @default {Math.random}
   */
  readonly random?: Random;
}

/**
 * Repeat an idempotent operation while its failures are transient. A server's Retry-After takes precedence over the
 * backoff and is never shortened. Both the number of attempts and the total time are bounded. The last error is thrown
 * unchanged.
 *
 * @param operation The operation; called with the number of the attempt, from 1
 * @param options Bounds, time and random source
 * @returns The result of the operation
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { retry } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const late = new DOMException("late", "TimeoutError");
 * const value = await retry(
 *   (attempt) => attempt === 1 ? Promise.reject(late) : Promise.resolve(`attempt ${attempt}`),
 *   { maxRetries: 3, baseMs: 1 },
 * );
 * assertEquals(value, "attempt 2");
 * ```
 */
export async function retry<T>(operation: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const {
    maxRetries = RETRY_POLICY.apiRequest.retries,
    totalMs = Infinity,
    shouldRetry = isRetryable,
    onRetry,
    signal,
  } = options;
  const { clock = systemClock } = options;
  const start = clock.monotonic();
  const failures = new Map<FailureClass, number>();
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const failure = classifyFailure(error);
      const count = (failures.get(failure) ?? 0) + 1;
      failures.set(failure, count);
      const isWorthIt = attempt <= maxRetries && count <= (MAX_RETRIES_BY_CLASS[failure] ?? Infinity);
      if (!isWorthIt || !shouldRetry(error)) throw error;
      const waitMs = planWait(error, attempt, options);
      const maxTotalMs = typeof totalMs === "function" ? totalMs(error) : totalMs;
      if (waitMs === undefined || clock.monotonic() - start + waitMs > maxTotalMs) throw error;
      onRetry?.({ attempt, waitMs, failure, error });
      const isRequested = error instanceof FailureError && error.retryAfterMs !== undefined;
      await sleepUntil(isRequested ? undefined : options.wake?.(), waitMs, { clock, signal });
    }
  }
}

/** Sleep until the time is over or `wake` aborts. */
async function sleepUntil(
  wake: AbortSignal | undefined,
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
): Promise<void> {
  if (wake === undefined) return await clock.sleep(ms, { signal });
  try {
    await clock.sleep(ms, { signal: signal === undefined ? wake : AbortSignal.any([signal, wake]) });
  } catch (error) {
    if (signal?.aborted || !wake.aborted) throw error;
  }
}

const { backoff } = RETRY_POLICY;

/** Return the wait before the next attempt, or `undefined` if the server requests more than `maxRetryAfterMs`. */
function planWait(error: unknown, attempt: number, options: RetryOptions): number | undefined {
  const { baseMs = backoff.baseMs, capMs = backoff.capMs, random = Math.random } = options;
  const { maxRetryAfterMs = RETRY_POLICY.maxRetryAfterMs } = options;
  const requestedMs = error instanceof FailureError ? error.retryAfterMs : undefined;
  if (requestedMs !== undefined) return requestedMs > maxRetryAfterMs ? undefined : requestedMs;
  return fullJitter(attempt - 1, { baseMs, capMs: typeof capMs === "function" ? capMs() : capMs, random });
}
