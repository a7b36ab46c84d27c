/**
 * `@std/async` over the platform, for networks that reach npm only: the functions that the project uses.
 *
 * @module
 */

/** Options of {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Rejects earlier, with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Settle as `promise` does, or reject with a `TimeoutError` after `ms`.
 *
 * @param promise What to wait for; it is not stopped
 * @param ms Milliseconds
 * @param options A signal
 * @returns What the promise gives
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
 * Map an iterable with at most `poolLimit` calls under way; results keep the order of the input.
 *
 * @param poolLimit The most calls at once
 * @param array The input
 * @param iteratorFn What to do with each item
 * @returns The results, in order; a rejection becomes an `AggregateError` once the calls under way have settled
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
