import { assertEquals, assertLessOrEqual, assertRejects, assertStrictEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { FailureError, retry, type RetryNotice } from "../../../lib/failsafe/mod.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const busy = (retryAfterMs?: number) => new FailureError("server", "Cannot list: 503", { status: 503, retryAfterMs });

Deno.test("retry() repeats a temporary failure and reports each wait", async () => {
  const clock = new FakeClock();
  const notices: RetryNotice[] = [];
  const value = await retry((attempt) => attempt < 3 ? Promise.reject(busy()) : Promise.resolve(attempt), {
    clock,
    random: () => 0.5,
    onRetry: (notice) => notices.push(notice),
  });
  assertEquals(value, 3);
  assertEquals(clock.sleeps, [500, 1000]);
  assertEquals(notices.map((notice) => [notice.attempt, notice.failure]), [[1, "server"], [2, "server"]]);
});

Deno.test("retry() waits for Retry-After without jitter", async () => {
  const clock = new FakeClock();
  await retry((attempt) => attempt === 1 ? Promise.reject(busy(7000)) : Promise.resolve(1), { clock, random: () => 0 });
  assertEquals(clock.sleeps, [7000]);
});

Deno.test("retry() does not wait for a Retry-After beyond its limit", async () => {
  const clock = new FakeClock();
  await assertRejects(() => retry(() => Promise.reject(busy(3_600_000)), { clock }), FailureError, "503");
  assertEquals(clock.sleeps, []);
});

Deno.test("retry() throws the last error unchanged after its attempts", async () => {
  const error = busy();
  let calls = 0;
  const thrown = await retry(() => (calls++, Promise.reject(error)), { clock: new FakeClock(), maxRetries: 2 })
    .catch((caught) => caught);
  assertStrictEquals(thrown, error);
  assertEquals(calls, 3);
});

Deno.test("retry() repeats a wrong response twice, whatever failed before", async () => {
  const failures = ["server", "unusable", "server", "unusable", "unusable"] as const;
  let calls = 0;
  const fail = () => Promise.reject(new FailureError(failures[calls++]!, "Cannot fetch"));
  const error = await assertRejects(() => retry(fail, { clock: new FakeClock(), maxRetries: 9 }), FailureError);
  assertEquals([error.failure, calls], ["unusable", 5]);
});

Deno.test("retry() does not repeat a final failure", async () => {
  let calls = 0;
  await assertRejects(
    () => retry(() => (calls++, Promise.reject(new FailureError("gone", "Cannot fetch: 404")))),
    FailureError,
  );
  assertEquals(calls, 1);
});

Deno.test("retry() stops at the limit on total time", async () => {
  const clock = new FakeClock();
  await assertRejects(() =>
    retry(() => Promise.reject(busy()), { clock, totalMs: 5000, random: () => 0.99, maxRetries: 99 })
  );
  assertEquals(clock.monotonic() <= 5000, true);
});

Deno.test("retry() rethrows the reason of an abort unchanged", async () => {
  for (const maxRetries of [0, 5]) {
    const reason = new Error("stop");
    const stop = new AbortController();
    const notices: RetryNotice[] = [];
    const fail = () => {
      stop.abort(reason);
      return Promise.reject(busy());
    };
    const onRetry = (notice: RetryNotice) => notices.push(notice);
    const options = { clock: new FakeClock(), signal: stop.signal, maxRetries, onRetry };
    const thrown = await retry(fail, options).catch((caught) => caught);
    assertStrictEquals(thrown, reason);
    assertEquals(notices, []);
  }
});

Deno.test("retry() tries again at once when it is woken, but not before a Retry-After is over", async () => {
  for (const [retryAfterMs, expectedMs] of [[undefined, 0], [7000, 7000]] as const) {
    const clock = new EventClock();
    const wake = new AbortController();
    const result = retry(
      (attempt) => attempt === 1 ? Promise.reject(busy(retryAfterMs)) : Promise.resolve(clock.monotonic()),
      {
        clock,
        random: () => 1,
        wake: () => wake.signal,
      },
    );
    await settle();
    wake.abort();
    await settle();
    const running = clock.run();
    assertEquals(await result, expectedMs);
    await running;
  }
});

Deno.test("retry() that may be woken still ends with the reason of its signal", async () => {
  const stop = new AbortController();
  const options = { clock: new EventClock(), signal: stop.signal, wake: () => new AbortController().signal };
  const result = retry(() => Promise.reject(busy()), options).catch((reason) => reason);
  await settle();
  stop.abort("enough");
  assertEquals(await result, "enough");
});

Deno.test("retry() spreads a thousand simultaneous failures: no tenth of a second has more than 5 % of the retries", async () => {
  const clock = new EventClock();
  const random = seededRandom(9);
  const bins = new Map<number, number>();
  const clients = Array.from({ length: 1000 }, () => {
    const once = (attempt: number): Promise<void> => {
      const bin = Math.floor(clock.monotonic() / 100);
      if (attempt > 1) bins.set(bin, (bins.get(bin) ?? 0) + 1);
      return Promise.reject(new FailureError("server", "Cannot fetch: 500"));
    };
    return retry(once, { clock, random }).catch(() => {});
  });
  await clock.run();
  await Promise.all(clients);
  const total = bins.values().reduce((sum, count) => sum + count, 0);
  assertEquals(total, 5000);
  assertLessOrEqual(Math.max(...bins.values()), total * 0.05);
});
