import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RateLimiter } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("RateLimiter makes whoever takes bytes wait until they are paid for", async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter({ bytesPerSecond: 1000, clock });
  for (let second = 0; second < 5; second++) await limiter.pay(1000);
  // The first tenth of a second is free.
  assertEquals(clock.monotonic(), 4900);
});

Deno.test("RateLimiter shares one bandwidth among all who pay", async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter({ bytesPerSecond: 1000, clock });
  await Promise.all([limiter.pay(1000), limiter.pay(1000)]);
  await limiter.pay(100);
  assertEquals(clock.monotonic() >= 2000, true);
});

Deno.test("RateLimiter lets an idle line save up no more than a tenth of a second", async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter({ bytesPerSecond: 1000, clock });
  await limiter.pay(50);
  clock.advance(60_000);
  await limiter.pay(100);
  assertEquals(clock.sleeps, []);
  await limiter.pay(100);
  assertEquals(clock.sleeps, [100]);
});

Deno.test("RateLimiter stops waiting with the signal's reason", async () => {
  const limiter = new RateLimiter({ bytesPerSecond: 1, clock: new FakeClock() });
  const reason = new Error("enough");
  const error = await assertRejects(() => limiter.pay(100, { signal: AbortSignal.abort(reason) }));
  assertEquals(error, reason);
});

Deno.test("RateLimiter takes a positive rate only", () => {
  for (const bytesPerSecond of [0, -1, NaN]) assertThrows(() => new RateLimiter({ bytesPerSecond }), RangeError);
});
