/**
 * Work on several things concurrently, and yield the results in the order of the things.
 *
 * @param things Input; consumed lazily, as the window has room
 * @param window Maximum number of things that are in progress
 * @param begin Starts the work on one thing
 * @returns Each thing with its result
 * @throws Whatever `begin` rejects with, when the thing's turn comes
 */
export async function* inOrder<T, R>(
  things: Iterable<T>,
  window: number,
  begin: (thing: T) => Promise<R>,
): AsyncGenerator<readonly [thing: T, result: R]> {
  const begun: { readonly thing: T; readonly result: Promise<R> }[] = [];
  for (const thing of things) {
    const result = begin(thing);
    // A rejection is thrown in its turn. If an earlier one ends the loop first, it must not count as unhandled.
    result.catch(() => {});
    begun.push({ thing, result });
    if (begun.length >= window) {
      const first = begun.shift()!;
      yield [first.thing, await first.result];
    }
  }
  for (const { thing, result } of begun) yield [thing, await result];
}
