import { assert, assertEquals, assertRejects } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { parseRateSchedule, RateLimiter } from "../../../lib/transfer/mod.ts";
import { EventClock } from "../../helpers/event_clock.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const M = 1024 * 1024;

function limitOf(rate: string, clock: FakeClock | EventClock): RateLimiter {
  return new RateLimiter({ schedule: parseRateSchedule(rate), clock });
}

Deno.test("RateLimiter delays payers until their bytes are paid", async () => {
  const clock = new FakeClock();
  const limiter = limitOf("1000", clock);
  for (let second = 0; second < 5; second++) await limiter.take(1000);
  // The first tenth of a second is free.
  assertEquals(clock.monotonic(), 4900);
});

Deno.test("RateLimiter shares one bandwidth among all payers, in request order", async () => {
  const clock = new EventClock();
  const limiter = limitOf("1000", clock);
  const ends: [number, number][] = [];
  for (const [index, bytes] of [1000, 10, 500].entries()) {
    void limiter.take(bytes).then(() => ends.push([index, Math.round(clock.monotonic())]));
  }
  await clock.run();
  assertEquals(ends, [[0, 900], [1, 910], [2, 1410]]);
});

Deno.test("RateLimiter lets an idle line accumulate at most a tenth of a second", async () => {
  const clock = new FakeClock();
  const limiter = limitOf("1000", clock);
  await limiter.take(50);
  clock.advance(60_000);
  await limiter.take(100);
  assertEquals(clock.sleeps, []);
  await limiter.take(100);
  assertEquals(clock.sleeps, [100]);
});

Deno.test("RateLimiter does not carry credit from a fast period into a slow one", async () => {
  const clock = new FakeClock(new Date(2026, 0, 5, 7, 59, 59).getTime());
  const limiter = limitOf("08:00-23:00 1000, 100M", clock);
  await limiter.take(1);
  clock.advance(2000);
  await limiter.take(1100);
  assertEquals(Math.round(clock.monotonic()), 3000);
});

Deno.test("RateLimiter stops waiting with the reason of its signal", async () => {
  const limiter = limitOf("1", new FakeClock());
  const reason = new Error("enough");
  const error = await assertRejects(() => limiter.take(100, { signal: AbortSignal.abort(reason) }));
  assertEquals(error, reason);
});

Deno.test("RateLimiter never delays without a limit", async () => {
  const clock = new FakeClock();
  const limiter = limitOf("0", clock);
  for (let count = 0; count < 100; count++) await limiter.take(1e12);
  assertEquals(clock.sleeps, []);
});

Deno.test("RateLimiter releases waiters when the limit ends, and drops their debt", async () => {
  const clock = new EventClock(new Date(2026, 0, 5, 22, 59, 50).getTime());
  const limiter = limitOf("08:00-23:00 1000, 23:00-23:01 0, 500", clock);
  const ends: number[] = [];
  const pay = (bytes: number) => void limiter.take(bytes).then(() => ends.push(Math.round(clock.monotonic())));
  pay(1_000_000);
  pay(1_000_000);
  await clock.run(30_000);
  assertEquals(ends, [10_000, 10_000]);
  pay(5_000_000);
  await clock.run(60_000);
  assertEquals(ends.length, 3);
  // Now 500 a second, without the earlier debt, and with a credit of only a tenth of a second.
  pay(1050);
  await clock.run(10_000);
  assertEquals(ends[3], 92_000);
});

Deno.test("RateLimiter follows a change of the wall clock within a minute", async () => {
  const clock = new FakeClock(new Date(2026, 0, 5, 12).getTime());
  const limiter = limitOf("08:00-23:00 1000, 0", clock);
  await limiter.take(100);
  clock.jump(12 * 3_600_000);
  await limiter.take(1_000_000);
  assertEquals(Math.round(clock.monotonic()), 60_000);
});

/** Payers that never stop, and what was paid when. */
async function runPayers(
  rate: string,
  options: { readonly start: Date; readonly payers: number; readonly mostBytes: number; readonly seconds: number },
): Promise<readonly { readonly at: number; readonly bytes: number }[]> {
  const random = seededRandom(options.payers);
  const clock = new EventClock(options.start.getTime());
  const limiter = limitOf(rate, clock);
  const stop = new AbortController();
  const paid: { at: number; bytes: number }[] = [];
  const workers = Array.from({ length: options.payers }, async () => {
    while (true) {
      const bytes = Math.ceil(options.mostBytes * (0.25 + 0.75 * random()));
      await limiter.take(bytes, { signal: stop.signal });
      paid.push({ at: clock.monotonic(), bytes });
    }
  });
  await clock.run(options.seconds * 1000);
  stop.abort();
  await Promise.allSettled(workers);
  return paid;
}

const WINDOW_MS = 10_000;

for (const payers of [1, 4, 32]) {
  for (const mostBytes of [16_384, M]) {
    Deno.test(`RateLimiter is exact to 5 % over any 10 s, with ${payers} payers of up to ${mostBytes} bytes`, async () => {
      const start = new Date(2026, 0, 5, 7, 59, 45);
      const seconds = 35;
      // 20 MiB a second for 15 s, then 5 MiB.
      const paid = await runPayers("08:00-23:00 5M, 20M", { start, payers, mostBytes, seconds });
      for (let from = 0; from + WINDOW_MS <= seconds * 1000; from += 250) {
        const sum = paid.filter(({ at }) => at > from && at <= from + WINDOW_MS).reduce((all, it) => all + it.bytes, 0);
        const fastMs = Math.max(0, Math.min(15_000, from + WINDOW_MS) - from);
        const wanted = (fastMs * 20 + (WINDOW_MS - fastMs) * 5) * M / 1000;
        assert(Math.abs(sum / wanted - 1) <= 0.05, `${sum / wanted} from ${from} ms`);
      }
    });
  }
}

Deno.test("RateLimiter splits a slow rate into small reads, and does not limit reads otherwise", () => {
  const gulp = (text: string): number =>
    new RateLimiter({ schedule: parseRateSchedule(text), clock: new FakeClock() }).chunkBytes;
  assertEquals([gulp("10K"), gulp("1M"), gulp("0")], [4096, 104_858, Infinity]);
});

Deno.test("RateLimiter.setSchedule() changes the rate of callers that already wait", async () => {
  const clock = new EventClock();
  const limiter = limitOf("1000", clock);
  const ends: number[] = [];
  for (const bytes of [1100, 10_000, 20_000]) {
    void limiter.take(bytes).then(() => ends.push(Math.round(clock.monotonic())));
  }
  // A tenth of a second is free, so that the first is paid after one second.
  void clock.sleep(1000).then(() => limiter.setSchedule(parseRateSchedule("10000")));
  void clock.sleep(2000).then(() => limiter.setSchedule(parseRateSchedule("0")));
  await clock.run();
  assertEquals(ends, [1000, 2000, 2000]);
});

Deno.test("RateLimiter without a limit gets one while bytes are taken", async () => {
  const clock = new FakeClock();
  const limiter = limitOf("0", clock);
  await limiter.take(50_000);
  assertEquals([limiter.chunkBytes, clock.sleeps], [Infinity, []]);
  limiter.setSchedule(parseRateSchedule("100000"));
  assertEquals(limiter.chunkBytes, 10_000);
  await limiter.take(200_000);
  assertEquals(Math.round(clock.monotonic()), 2000);
});

Deno.test("RateLimiter.take() still ends with the caller's signal after the schedule was replaced", async () => {
  const limiter = new RateLimiter({ schedule: parseRateSchedule("1") });
  const stop = new AbortController();
  const waiting = assertRejects(() => limiter.take(10_000, { signal: stop.signal }), Error, "enough");
  limiter.setSchedule(parseRateSchedule("2"));
  await Promise.resolve();
  stop.abort(new Error("enough"));
  await waiting;
});
