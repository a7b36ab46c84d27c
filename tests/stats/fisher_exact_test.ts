import { assertEquals, assertThrows } from "@std/assert";
import { fisherExact } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

/** The same probability by counting in whole numbers. */
function byCounting(first: readonly [bigint, bigint], second: readonly [bigint, bigint]): number {
  const choose = (n: bigint, k: bigint): bigint => {
    if (k < 0n || k > n) return 0n;
    let result = 1n;
    for (let i = 0n; i < k; i++) result = result * (n - i) / (i + 1n);
    return result;
  };
  const events = first[0] + second[0];
  let ways = 0n;
  for (let count = first[0]; count <= events; count++) {
    ways += choose(first[1], count) * choose(second[1], events - count);
  }
  return Number(ways * 10n ** 15n / choose(first[1] + second[1], events)) / 1e15;
}

Deno.test("fisherExact() of the tea-tasting table is 17 of 70", () => {
  assertNear(fisherExact({ events: 3, trials: 4 }, { events: 1, trials: 4 }), 17 / 70, 1e-12);
  assertNear(fisherExact({ events: 4, trials: 4 }, { events: 0, trials: 4 }), 1 / 70, 1e-12);
});

Deno.test("fisherExact() equals a count in whole numbers", () => {
  for (
    const [a, n, b, m] of [[6, 20, 1, 20], [3, 10, 2, 200], [0, 9, 4, 8], [12, 40, 11, 39], [5, 5, 60, 90]] as const
  ) {
    const expected = byCounting([BigInt(a), BigInt(n)], [BigInt(b), BigInt(m)]);
    assertNear(fisherExact({ events: a, trials: n }, { events: b, trials: m }), expected, 1e-10);
  }
});

Deno.test("fisherExact() is 1 without events or without a sample", () => {
  assertNear(fisherExact({ events: 0, trials: 10 }, { events: 3, trials: 10 }), 1, 1e-12);
  assertNear(fisherExact({ events: 0, trials: 0 }, { events: 0, trials: 0 }), 1, 1e-12);
  assertNear(fisherExact({ events: 4, trials: 10 }, { events: 0, trials: 0 }), 1, 1e-12);
});

Deno.test("fisherExact() refuses an invalid count", () => {
  const error = assertThrows(() => fisherExact({ events: 3, trials: 2 }, { events: 0, trials: 1 }), RangeError);
  assertEquals(error.message, "Cannot compare rates: 3 of 2 is not a valid count");
});
