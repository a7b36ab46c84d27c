/**
 * Ask for the next value before the caller works on this one, so that both take their time together.
 *
 * @param source Where the values come from
 * @returns The same values
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let result = await next; !result.done; result = await next) {
      next = iterator.next();
      // Awaited in the next round; a failure must not count as unhandled until then.
      next.catch(() => {});
      // One turn of the event loop, so that the question is out before the caller keeps the thread busy.
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      yield result.value;
    }
  } finally {
    // A caller that leaves early has no use for the answer, nor for its failure.
    await next.catch(() => {});
    await iterator.return?.();
  }
}
