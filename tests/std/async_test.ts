import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { abortable, deadline, pooledMap } from "@std/async";

Deno.test("deadline() returns a timely result and leaves no timer behind", async () => {
  assertEquals(await deadline(Promise.resolve(5), 60_000), 5);
  const error = new Error("no");
  assertEquals(await deadline(Promise.reject(error), 60_000).catch((failed) => failed), error);
});

Deno.test("deadline() rejects with a TimeoutError after the time", async () => {
  const error = await assertRejects(() => deadline(new Promise<void>(() => {}), 1), DOMException);
  assertEquals(error.name, "TimeoutError");
});

Deno.test("deadline() rejects with the reason of the signal", async () => {
  const reason = new Error("enough");
  const waiting = (signal: AbortSignal) => deadline(new Promise<void>(() => {}), 60_000, { signal });
  assertEquals(await waiting(AbortSignal.abort(reason)).catch((error) => error), reason);
  const stop = new AbortController();
  const waits = waiting(stop.signal).catch((error) => error);
  stop.abort(reason);
  assertEquals(await waits, reason);
});

Deno.test("abortable() settles as its promise does, unless the signal aborts first", async () => {
  const stop = new AbortController();
  assertEquals(await abortable(Promise.resolve(5), stop.signal), 5);
  const waits = abortable(new Promise<void>(() => {}), stop.signal).catch((error) => error);
  stop.abort("enough");
  assertEquals(await waits, "enough");
});

Deno.test("pooledMap() keeps the order and limits concurrency", async () => {
  let running = 0;
  let most = 0;
  const results = pooledMap(2, [30, 1, 20, 1, 5], async (turns) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    running--;
    return turns * 2;
  });
  assertEquals(await Array.fromAsync(results), [60, 2, 40, 2, 10]);
  assert(most <= 2);
});

Deno.test("pooledMap() accepts an asynchronous input", async () => {
  async function* numbers(): AsyncGenerator<number> {
    yield await Promise.resolve(1);
    yield 2;
  }
  assertEquals(await Array.fromAsync(pooledMap(3, numbers(), (n) => Promise.resolve(n + 1))), [2, 3]);
});

Deno.test("pooledMap() combines failures, and starts nothing after one", async () => {
  const begun: number[] = [];
  const broken = new Error("broken");
  const results = pooledMap(1, [1, 2, 3, 4], (n) => {
    begun.push(n);
    return n === 2 ? Promise.reject(broken) : Promise.resolve(n);
  });
  const error = await assertRejects(() => Array.fromAsync(results), AggregateError);
  assertEquals(error.errors, [broken]);
  assert(!begun.includes(4));
});

Deno.test("pooledMap() refuses a limit that is not a positive integer, at once", () => {
  for (const limit of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => pooledMap(limit, [1], (n) => Promise.resolve(n)), RangeError);
  }
});

Deno.test("pooledMap() starts before the first read", async () => {
  const begun = Promise.withResolvers<number>();
  const results = pooledMap(1, [1], (n) => {
    begun.resolve(n);
    return Promise.resolve(n);
  });
  assertEquals(await begun.promise, 1);
  assertEquals(await Array.fromAsync(results), [1]);
});

Deno.test("pooledMap() yields the results of active items before it fails", async () => {
  const given: number[] = [];
  const results = pooledMap(3, [1, 2, 3, 4], (n) => n < 3 ? Promise.reject(new Error(`${n}`)) : Promise.resolve(n));
  const error = await assertRejects(async () => {
    for await (const n of results) given.push(n);
  }, AggregateError);
  assertEquals([given, error.errors.map((each) => each.message)], [[3], ["1", "2"]]);
});
