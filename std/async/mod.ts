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
  try {
    return await abortable(promise, AbortSignal.any([limit.signal, options.signal].filter((s) => s !== undefined)));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Settle as `promise` does, or reject with the signal's reason once it aborts.
 *
 * @param promise The promise to wait for; its work is not stopped
 * @param signal Ends the wait
 * @returns The value of the promise
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * Map an iterable with at most `poolLimit` calls in flight; results keep the order of the input. The calls begin at
 * once, whether or not somebody reads the results.
 *
 * @param poolLimit Maximum number of concurrent calls
 * @param array The input
 * @param iteratorFn Called for each item of the input
 * @returns The results, in order; a rejection becomes an `AggregateError` once the calls in flight have settled
 * @throws {RangeError} If `poolLimit` is not a positive integer
 */
export function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R> {
  if (!Number.isInteger(poolLimit) || poolLimit < 1) {
    throw new RangeError(`Cannot map with a "poolLimit" of ${poolLimit}: it must be a positive integer`);
  }
  const errors: unknown[] = [];
  const calls = new ReadableStream<Promise<R>>({
    async start(queue) {
      const begin = (item: T) => {
        const call = Promise.try(iteratorFn, item);
        queue.enqueue(call);
        return call;
      };
      errors.push(...await callAll(array, poolLimit, begin));
      queue.close();
    },
  });
  return readResults(calls.getReader(), errors);
}

/** Begin a call for each item, at most `limit` at a time, until one fails. Returns the errors of those under way. */
async function callAll<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  begin: (item: T) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const running = new Set<Promise<unknown>>();
  try {
    for await (const item of items) {
      const call = begin(item);
      running.add(call);
      // A failed call stays, so that the race below ends with it.
      call.then(() => running.delete(call), () => {});
      if (running.size >= limit) await Promise.race(running);
    }
    await Promise.all(running);
    return [];
  } catch (error) {
    const settled = await Promise.allSettled(running);
    const errors = settled.flatMap((call) => call.status === "rejected" ? [call.reason] : []);
    return errors.length > 0 ? errors : [error];
  }
}

async function* readResults<R>(
  calls: ReadableStreamDefaultReader<Promise<R>>,
  errors: readonly unknown[],
): AsyncGenerator<R> {
  for (let read = await calls.read(); !read.done; read = await calls.read()) {
    const [call] = await Promise.allSettled([read.value]);
    if (call.status === "fulfilled") yield call.value;
  }
  if (errors.length > 0) throw new AggregateError(errors, "Cannot complete the mapping: a call failed");
}
