import { assertEquals } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { StallWatch } from "../../../lib/transfer/mod.ts";

const LIMITS = { signal: undefined, headerTimeoutMs: 10_000, stallMs: 40, stallBytes: 10, host: "storage.test" };

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

Deno.test("StallWatch aborts a body that brings too little", async () => {
  using watch = new StallWatch(LIMITS);
  watch.startStallWindow();
  const reason = await aborted(watch.signal);
  assertEquals(reason instanceof FailureError && reason.failure, "stall");
});

Deno.test("StallWatch ignores time spent on local waits", async () => {
  using watch = new StallWatch(LIMITS);
  watch.startStallWindow();
  await watch.suspendDuring(new Promise((resolve) => setTimeout(resolve, 200)));
  assertEquals(watch.signal.aborted, false);
  assertEquals(await aborted(watch.signal) instanceof FailureError, true);
});

Deno.test("StallWatch aborts a response that does not start", async () => {
  using watch = new StallWatch({ ...LIMITS, headerTimeoutMs: 1 });
  const reason = await aborted(watch.signal);
  assertEquals(reason instanceof FailureError && reason.failure, "timeout");
});

Deno.test("StallWatch ignores the time between header and body", async () => {
  using watch = new StallWatch({ ...LIMITS, headerTimeoutMs: 20 });
  watch.stopHeaderTimeout();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assertEquals(watch.signal.aborted, false);
});

Deno.test("StallWatch aborts with the reason of the caller's signal", () => {
  const stop = new AbortController();
  using watch = new StallWatch({ ...LIMITS, signal: stop.signal });
  stop.abort("enough");
  assertEquals(watch.signal.reason, "enough");
});

Deno.test("StallWatch.hurry() ends a wait for headers that is longer than usual, and shortens one that is not", async () => {
  let now = 0;
  const watchOf = (): StallWatch => new StallWatch({ ...LIMITS, headerTimeoutMs: 600_000, nowMs: () => now });
  using late = watchOf();
  now = 15_000;
  late.hurry(10_000);
  const reason = await aborted(late.signal);
  assertEquals(reason instanceof FailureError && reason.failure, "timeout");
  using young = watchOf();
  young.hurry(20);
  assertEquals(young.signal.aborted, false);
  await aborted(young.signal);
  using between = watchOf();
  between.stopHeaderTimeout();
  now = 60_000;
  between.hurry(1);
  assertEquals(between.signal.aborted, false);
});

Deno.test("StallWatch.hurry() ends a body that is silent for longer than usual, unless it waits for something local", async () => {
  let now = 0;
  const watchOf = (): StallWatch => {
    const watch = new StallWatch({ ...LIMITS, stallMs: 600_000, nowMs: () => now });
    watch.startStallWindow();
    return watch;
  };
  using silent = watchOf();
  using flowing = watchOf();
  using local = watchOf();
  const done = Promise.withResolvers<void>();
  const waiting = local.suspendDuring(done.promise);
  now = 30_000;
  flowing.recordBytes(1);
  now = 31_000;
  for (const watch of [silent, flowing, local]) watch.hurry(10_000);
  assertEquals([silent, flowing, local].map((watch) => watch.signal.aborted), [true, false, false]);
  assertEquals(silent.signal.reason.failure, "stall");
  done.resolve();
  await waiting;
});
