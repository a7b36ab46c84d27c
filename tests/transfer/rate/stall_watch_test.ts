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
