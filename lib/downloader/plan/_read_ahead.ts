/**
 * Request the next value before the caller works on the current one, so that both run concurrently.
 *
 * @param source Values, each of which takes time to arrive
 * @returns The same values in the same order
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let result = await next; !result.done; result = await next) {
      next = iterator.next();
      // Awaited in the next round; a failure must not count as unhandled until then.
      next.catch(() => {});
      // Wait for one turn of the event loop, so that the request is sent before the caller keeps the thread busy.
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      yield result.value;
    }
  } finally {
    // A caller that stops early needs neither the response nor its failure.
    await next.catch(() => {});
    await iterator.return?.();
  }
}
