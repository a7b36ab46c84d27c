import { assert, assertEquals, assertRejects } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { AdaptiveLimit, type LimitChange, type LimitOutcome, type Permit } from "../../../lib/failsafe/mod.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";

/** A limit that stays at its start unless it is refused. */
function steady(limit: number, clock = new EventClock()): AdaptiveLimit {
  return new AdaptiveLimit("h", { floor: 1, start: limit, ceiling: limit, clock });
}

Deno.test("AdaptiveLimit grants as many permits as its limit, and the next when one is returned", async () => {
  const limit = steady(2);
  const [first] = await Promise.all([limit.acquire(), limit.acquire()]);
  let isIn = false;
  const third = limit.acquire().then((permit) => {
    isIn = true;
    return permit;
  });
  await settle();
  assertEquals([isIn, limit.snapshot().inFlight, limit.snapshot().waiting], [false, 2, 1]);
  first.finish({ type: "ok", latencyMs: 5 });
  await third;
  assertEquals([limit.snapshot().inFlight, limit.snapshot().waiting], [2, 0]);
});

Deno.test("AdaptiveLimit grants permits in request order", async () => {
  const limit = steady(1);
  const served: number[] = [];
  const held = await limit.acquire();
  const all = Array.from({ length: 50 }, async (_, index) => {
    using _permit = await limit.acquire();
    served.push(index);
  });
  held.finish({ type: "ignored" });
  await Promise.all(all);
  assertEquals(served, Array.from({ length: 50 }, (_, index) => index));
});

Deno.test("AdaptiveLimit grants fewer permits under a lower cap, but at least one", async () => {
  let cap = 3;
  const limit = new AdaptiveLimit("h", { start: 4, ceiling: 4, clock: new EventClock(), cap: () => cap });
  const permits = [limit.tryAcquire(), limit.tryAcquire(), limit.tryAcquire()];
  assertEquals([permits.includes(null), limit.tryAcquire()], [false, null]);
  cap = 0;
  const waiting = limit.acquire();
  permits[0]!.finish({ type: "ignored" });
  permits[1]!.finish({ type: "ignored" });
  assertEquals([limit.snapshot().inFlight, limit.snapshot().waiting], [1, 1]);
  permits[2]!.finish({ type: "ignored" });
  using _last = await waiting;
  assertEquals([limit.snapshot().inFlight, limit.limit], [1, 4]);
});

Deno.test("AdaptiveLimit grants waiting callers permits when the cap rises, although none is returned", async () => {
  let cap = 1;
  const limit = new AdaptiveLimit("h", { start: 4, ceiling: 4, clock: new EventClock(), cap: () => cap });
  using _long = await limit.acquire();
  let granted = 0;
  const waiting = [1, 2].map(() => limit.acquire().then(() => granted++));
  await settle();
  assertEquals([granted, limit.snapshot().waiting], [0, 2]);
  cap = 4;
  await Promise.all(waiting);
  assertEquals([granted, limit.snapshot().inFlight], [2, 3]);
});

Deno.test("AdaptiveLimit counts only the first outcome of a permit", async () => {
  const limit = steady(4);
  const permit = await limit.acquire();
  permit.finish({ type: "ignored" });
  permit.finish({ type: "refused" });
  permit[Symbol.dispose]();
  assertEquals([limit.limit, limit.snapshot().inFlight], [4, 0]);
});

Deno.test("AdaptiveLimit ignores the outcome of a permit that is only disposed", async () => {
  const limit = steady(4);
  {
    using _permit = await limit.acquire();
    assertEquals(limit.snapshot().inFlight, 1);
  }
  assertEquals([limit.limit, limit.isIdle], [4, true]);
});

Deno.test("AdaptiveLimit rejects a waiter with the reason of its signal, and serves the next", async () => {
  const limit = steady(1);
  const held = await limit.acquire();
  const stop = new AbortController();
  const reason = new Error("enough");
  const left = assertRejects(() => limit.acquire({ signal: stop.signal }));
  const behind = limit.acquire();
  stop.abort(reason);
  assertEquals(await left, reason);
  held.finish({ type: "ignored" });
  (await behind).finish({ type: "ignored" });
  assert(limit.isIdle);
  assertEquals(await assertRejects(() => limit.acquire({ signal: stop.signal })), reason);
});

Deno.test("AdaptiveLimit ignores an abort after the permit was granted", async () => {
  const limit = steady(1);
  const stop = new AbortController();
  const permit = await limit.acquire({ signal: stop.signal });
  stop.abort();
  assertEquals(limit.snapshot().inFlight, 1);
  permit.finish({ type: "ignored" });
  assert(limit.isIdle);
});

Deno.test("AdaptiveLimit grants nothing before Retry-After, then as many as the limit allows", async () => {
  const clock = new EventClock();
  const limit = steady(8, clock);
  const permits = await Promise.all(Array.from({ length: 8 }, () => limit.acquire()));
  for (const permit of permits) permit.finish({ type: "refused", retryAfterMs: 2000 });
  assertEquals([limit.limit, limit.snapshot().pausedMs], [6, 2000]);
  const starts: number[] = [];
  for (let index = 0; index < 8; index++) void limit.acquire().then(() => starts.push(clock.monotonic()));
  await clock.run(1999);
  assertEquals(starts, []);
  await clock.run(10_000);
  assertEquals([starts, clock.sleeping], [[2000, 2000, 2000, 2000, 2000, 2000], 0]);
});

Deno.test("AdaptiveLimit does not pause for longer than two minutes", async () => {
  const limit = new AdaptiveLimit("h", { clock: new EventClock() });
  (await limit.acquire()).finish({ type: "refused", retryAfterMs: 3_600_000 });
  assertEquals(limit.snapshot().pausedMs, 120_000);
});

Deno.test("AdaptiveLimit leaves no timer without waiters", async () => {
  const clock = new EventClock();
  const limit = steady(4, clock);
  (await limit.acquire()).finish({ type: "refused", retryAfterMs: 60_000 });
  const stop = new AbortController();
  const left = assertRejects(() => limit.acquire({ signal: stop.signal }));
  await settle();
  assertEquals(clock.sleeping, 1);
  stop.abort(new Error("enough"));
  await left;
  assertEquals(clock.sleeping, 0);
  const served = limit.acquire();
  await clock.run();
  (await served).finish({ type: "ignored" });
  assertEquals(clock.monotonic(), 60_000);
});

Deno.test("AdaptiveLimit may shrink below the permits in use", async () => {
  const limit = steady(8);
  const permits = await Promise.all(Array.from({ length: 8 }, () => limit.acquire()));
  permits[0]!.finish({ type: "refused" });
  assertEquals([limit.limit, limit.snapshot().inFlight], [6, 7]);
  const next = limit.acquire();
  permits[1]!.finish({ type: "ok", latencyMs: 5 });
  assertEquals(limit.snapshot().inFlight, 6);
  for (const permit of permits) permit.finish({ type: "ok", latencyMs: 5 });
  (await next).finish({ type: "ok", latencyMs: 5 });
  assert(limit.isIdle);
});

Deno.test("AdaptiveLimit reports every change with its reason", async () => {
  const changes: LimitChange[] = [];
  const onChange = (change: LimitChange) => changes.push(change);
  const limit = new AdaptiveLimit("h", { start: 4, ceiling: 5, clock: new EventClock(), onChange });
  (await limit.acquire()).finish({ type: "refused" });
  for (let count = 0; limit.limit < 4 && count < 100; count++) await saturate(limit, 100);
  for (let count = 0; limit.limit === 4 && count < 100; count++) await saturate(limit, 100);
  for (let count = 0; limit.limit === 5 && count < 100; count++) await saturate(limit, 500);
  assertEquals(changes, [
    { host: "h", from: 4, to: 3, reason: "refused" },
    { host: "h", from: 3, to: 4, reason: "room" },
    { host: "h", from: 4, to: 5, reason: "room" },
    { host: "h", from: 5, to: 4, reason: "latency" },
  ]);
});

Deno.test("AdaptiveLimit restarts after a long idle time", async () => {
  const clock = new EventClock();
  const changes: LimitChange[] = [];
  const limit = new AdaptiveLimit("h", {
    start: 4,
    ceiling: 8,
    clock,
    onChange: (change) => changes.push(change),
  });
  (await limit.acquire()).finish({ type: "refused" });
  clock.advance(119_999);
  (await limit.acquire()).finish({ type: "ignored" });
  assertEquals(limit.limit, 3);
  clock.advance(120_000);
  (await limit.acquire()).finish({ type: "ignored" });
  assertEquals([limit.limit, changes.map((it) => it.reason)], [4, ["refused", "idle"]]);
  // A long call is not idle time.
  const held = await limit.acquire();
  held.finish({ type: "refused" });
  const long = await limit.acquire();
  clock.advance(500_000);
  (await limit.acquire()).finish({ type: "ignored" });
  assertEquals(limit.limit, 3);
  long.finish({ type: "ignored" });
});

Deno.test("AdaptiveLimit loses no permit and never exceeds the limit in any order of starts, ends and aborts", async () => {
  for (let seed = 1; seed <= 40; seed++) await interleave(seed);
});

/** Random steps, with the invariants checked after each. */
async function interleave(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const clock = new EventClock();
  const limit = new AdaptiveLimit("h", { start: 1 + Math.floor(random() * 4), ceiling: 6, clock });
  const held: Permit[] = [];
  const asked = [] as number[];
  const served = [] as number[];
  const left = new Set<number>();
  const stops: AbortController[] = [];
  const waits: Promise<void>[] = [];
  const outcomes: readonly LimitOutcome[] = [
    { type: "ok", latencyMs: 20 },
    { type: "ok", latencyMs: 900 },
    { type: "refused" },
    { type: "refused", retryAfterMs: 50 },
    { type: "failed" },
    { type: "ignored" },
  ];
  const ask = (index: number) => {
    const stop = new AbortController();
    stops.push(stop);
    asked.push(index);
    waits.push(
      limit.acquire({ signal: stop.signal }).then((permit) => {
        served.push(index);
        held.push(permit);
      }, () => {
        left.add(index);
      }),
    );
  };
  for (let step = 0; step < 150; step++) {
    const dice = random();
    const before = limit.snapshot().inFlight;
    if (dice < 0.45) ask(step);
    else if (dice < 0.8) {
      held.splice(Math.floor(random() * held.length), 1)[0]?.finish(outcomes[Math.floor(random() * 6)]!);
    } else if (dice < 0.9) stops[Math.floor(random() * stops.length)]?.abort();
    else await clock.run(random() * 200);
    const { inFlight, waiting, pausedMs } = limit.snapshot();
    assert(inFlight <= limit.limit || inFlight <= before, `seed ${seed}: ${inFlight} above ${limit.limit}`);
    // Every waiter has a reason to wait.
    assert(waiting === 0 || inFlight >= limit.limit || pausedMs > 0, `seed ${seed}: ${waiting} forgotten`);
    if (random() < 0.5) await settle();
  }
  while (!limit.isIdle) {
    await clock.run(60_000);
    for (const permit of held.splice(0)) permit.finish({ type: "ok", latencyMs: 20 });
  }
  await Promise.all(waits);
  assertEquals(served.length + left.size, asked.length);
  assertEquals(served, asked.filter((index) => !left.has(index)), `seed ${seed}: out of turn`);
}

/** Keep the limit fully used for a round. */
async function saturate(limit: AdaptiveLimit, latencyMs: number): Promise<void> {
  const held: Permit[] = [];
  while (held.length < limit.limit) held.push(await limit.acquire());
  for (let count = 0; count < 10 && held.length >= limit.limit; count++) {
    held.shift()!.finish({ type: "ok", latencyMs });
    if (held.length < limit.limit) held.push(await limit.acquire());
  }
  for (const permit of held) permit.finish({ type: "ignored" });
}

Deno.test("AdaptiveLimit recovers from refusals while the bodies of long responses flow", async () => {
  const clock = new EventClock();
  const limit = new AdaptiveLimit("h", { start: 4, ceiling: 4, clock });
  const refuse = async () => (await limit.acquire()).finish({ type: "refused", retryAfterMs: 0 });
  for (let index = 0; index < 6; index++) await refuse();
  assertEquals(limit.limit, 1);
  // The host is repaired: four files of an hour each want to be fetched.
  let started = 0;
  const fetchLong = async () => {
    using permit = await limit.acquire();
    started++;
    permit.recordResponse(80);
    for (let second = 0; second < 3600; second++) {
      await clock.sleep(1000);
      permit.recordFlow();
    }
  };
  const files = Array.from({ length: 4 }, fetchLong);
  await clock.run(30_000);
  assertEquals([limit.limit, started], [4, 4]);
  await clock.run(3_700_000);
  await Promise.all(files);
});
