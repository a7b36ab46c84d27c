import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { pooledMap } from "@std/async";
import { seededRandom } from "../../../lib/base/mod.ts";
import { FailureError, parseRetryAfter, retry, RetryBudget } from "../../../lib/failsafe/mod.ts";
import { EventClock } from "../../helpers/event_clock.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

/** A real server with the response of the test; counts its requests. */
function startServer() {
  const state = { status: 500, requests: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    state.requests++;
    return new Response("answer", { status: state.status });
  });
  return { state, url: `http://127.0.0.1:${server.addr.port}/`, [Symbol.asyncDispose]: () => server.shutdown() };
}

async function download(url: string, budget: RetryBudget): Promise<boolean> {
  const once = async (): Promise<boolean> => {
    const response = await fetch(url);
    await response.body?.cancel();
    if (response.ok) return true;
    throw new FailureError("server", `Cannot fetch: ${response.status}`, { status: response.status });
  };
  return await retry(once, { maxRetries: 5, budget, clock: new FakeClock() }).catch(() => false);
}

Deno.test("RetryBudget limits a thousand downloads from a server of 500s to 1 040 requests, and refills on recovery", async () => {
  await using server = startServer();
  const { state, url } = server;
  const budget = new RetryBudget();
  const all = async (): Promise<number> => {
    let good = 0;
    for await (const isGood of pooledMap(32, Array(1000).fill(url), (each) => download(each, budget))) {
      if (isGood) good++;
    }
    return good;
  };
  assertEquals(await all(), 0);
  assertEquals(state.requests, 1035);
  assert(budget.tokens < 14);
  Object.assign(state, { status: 200, requests: 0 });
  assertEquals([await all(), state.requests], [1000, 1000]);
  assertEquals(budget.tokens, 500);
});

Deno.test("RetryBudget refunds a successful retry, and has a separate price for throttling", () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 1000; i++) {
    assert(budget.trySpend("server"));
    budget.earn("server");
  }
  assertEquals(budget.tokens, 500);
  for (let i = 0; i < 100; i++) assert(budget.trySpend("throttled"));
  assertEquals([budget.tokens, budget.trySpend("throttled"), budget.trySpend()], [0, false, false]);
  budget.earn();
  assertEquals(budget.tokens, 1);
});

Deno.test("retry() with a refunding budget pays only for failed retries", async () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 100; i++) {
    const once = (attempt: number) =>
      attempt < 2 ? Promise.reject(new FailureError("server", "Cannot fetch: 500")) : Promise.resolve();
    await retry(once, { clock: new FakeClock(), budget });
  }
  assertEquals(budget.tokens, 500);
});

for (const form of ["seconds", "date"] as const) {
  Deno.test(`retry() waits for a Retry-After of 7 s as ${form} to the millisecond, without jitter`, async () => {
    const clock = new EventClock();
    const header = form === "seconds" ? "7" : new Date(clock.now() + 7000).toUTCString();
    let waited = 0;
    const retried = retry((attempt) => {
      if (attempt > 1) return Promise.resolve(void (waited = clock.monotonic()));
      const retryAfterMs = parseRetryAfter(header, clock.now());
      return Promise.reject(new FailureError("throttled", "Cannot fetch: 429", { retryAfterMs }));
    }, { clock, random: seededRandom(8) });
    await clock.run();
    await retried;
    assertEquals(waited, 7000);
  });
}

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
