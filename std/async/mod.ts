/**
 * `@std/async` on top of the platform, for networks that reach npm only. It has just the functions that the project
 * uses.
 *
 * @module
 */

/** Options of {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Aborts the wait: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Settle as `promise` does, or reject with a `TimeoutError` after `ms`.
 *
 * @param promise The promise to wait for; its work is not stopped
 * @param ms Time limit in milliseconds; none from 2^31 on, which a timer cannot hold
 * @param options A signal to stop waiting earlier
 * @returns The value of the promise
 */
export async function deadline<T>(promise: Promise<T>, ms: number, options: DeadlineOptions = {}): Promise<T> {
  const limit = new AbortController();
  const timer = ms < 2 ** 31
    ? setTimeout(() => limit.abort(new DOMException("Signal timed out.", "TimeoutError")), ms)
    : undefined;
  const signal = AbortSignal.any([limit.signal, options.signal].filter((s) => s !== undefined));
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Map an iterable with at most `poolLimit` calls in flight; results keep the order of the input.
 *
 * @param poolLimit Maximum number of concurrent calls
 * @param array The input
 * @param iteratorFn Called for each item of the input
 * @returns The results, in order; a rejection becomes an `AggregateError` once the calls in flight have settled
 */
export async function* pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R> {
  const running: Promise<R>[] = [];
  const errors: unknown[] = [];
  for await (const item of array) {
    const call = Promise.try(iteratorFn, item);
    call.catch((error) => errors.push(error));
    running.push(call);
    if (running.length >= poolLimit && errors.length === 0) {
      const settled = await Promise.allSettled([running.shift()!]);
      if (settled[0]!.status === "fulfilled") yield settled[0]!.value;
    }
    if (errors.length > 0) break;
  }
  for (const settled of await Promise.allSettled(running)) {
    if (settled.status === "fulfilled") yield settled.value;
  }
  if (errors.length > 0) throw new AggregateError(errors, "Cannot complete the mapping as an error was thrown");
}
