/**
 * Begin work on several things at once, and give the results in the order of the things.
 *
 * @param things What is to be worked on; taken as there is room
 * @param window How many at once
 * @param begin Does the work
 * @returns Each thing with its result
 * @throws What `begin` does, in its turn
 */
export async function* inOrder<T, R>(
  things: Iterable<T>,
  window: number,
  begin: (thing: T) => Promise<R>,
): AsyncGenerator<readonly [thing: T, result: R]> {
  const begun: { readonly thing: T; readonly result: Promise<R> }[] = [];
  for (const thing of things) {
    const result = begin(thing);
    // Told in its turn; if nobody comes to that, because an earlier one failed, it is of no interest.
    result.catch(() => {});
    begun.push({ thing, result });
    if (begun.length >= window) {
      const first = begun.shift()!;
      yield [first.thing, await first.result];
    }
  }
  for (const { thing, result } of begun) yield [thing, await result];
}
