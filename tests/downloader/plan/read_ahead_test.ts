import { assertEquals, assertRejects } from "@std/assert";
import { readAhead } from "../../../lib/downloader/plan/_read_ahead.ts";

/** Counts the requested values and fails after the last one. */
async function* counting(asked: number[], last: number): AsyncGenerator<number> {
  try {
    for (let value = 1; value <= last; value++) {
      asked.push(value);
      yield await Promise.resolve(value);
    }
    throw new Error("no more");
  } finally {
    asked.push(-1);
  }
}

Deno.test("readAhead() requests the next value before it yields one", async () => {
  const asked: number[] = [];
  for await (const value of readAhead(counting(asked, 3))) {
    assertEquals(value, 1);
    assertEquals(asked, [1, 2]);
    break;
  }
  assertEquals(asked, [1, 2, -1]);
});

Deno.test("readAhead() yields all values in order, then throws the failure", async () => {
  const seen: number[] = [];
  await assertRejects(
    async () => {
      for await (const value of readAhead(counting([], 3))) seen.push(value);
    },
    Error,
    "no more",
  );
  assertEquals(seen, [1, 2, 3]);
});

Deno.test("readAhead() handles a failure that the caller never reads", async () => {
  for await (const _value of readAhead(counting([], 1))) break;
});

Deno.test("readAhead() yields nothing for an empty source", async () => {
  assertEquals(await Array.fromAsync(readAhead((async function* (): AsyncGenerator<number> {})())), []);
});
