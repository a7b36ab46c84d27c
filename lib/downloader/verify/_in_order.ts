/**
 * Work on several things concurrently, and yield the results in the order of the input.
 *
 * @param things Input; consumed lazily, whenever the window has room
 * @param window Maximum number of things in progress
 * @param start Starts the work on one thing
 * @returns Each thing with its result
 * @throws Whatever `start` rejects with, when the thing's turn comes
 */
export async function* inOrder<T, R>(
  things: Iterable<T>,
  window: number,
  start: (thing: T) => Promise<R>,
): AsyncGenerator<readonly [thing: T, result: R]> {
  const started: { readonly thing: T; readonly result: Promise<R> }[] = [];
  for (const thing of things) {
    const result = start(thing);
    // A rejection is thrown in its turn. If an earlier one ends the loop first, it must not count as unhandled.
    result.catch(() => {});
    started.push({ thing, result });
    if (started.length >= window) {
      const first = started.shift()!;
      yield [first.thing, await first.result];
    }
  }
  for (const { thing, result } of started) yield [thing, await result];
}
