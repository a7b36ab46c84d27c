import { assert, assertEquals } from "@std/assert";
import { AdaptiveTimeout } from "../../../lib/failsafe/mod.ts";

Deno.test("AdaptiveTimeout starts with the given limit and then follows the host", () => {
  const timeouts = new AdaptiveTimeout({ minMs: 1000 });
  assertEquals(timeouts.timeoutMs("a", 30_000), 30_000);
  for (let i = 0; i < 50; i++) timeouts.recordResponse("a", 400);
  assert(timeouts.timeoutMs("a", 30_000) < 5000, `${timeouts.timeoutMs("a", 30_000)}`);
  assertEquals(timeouts.timeoutMs("b", 30_000), 30_000);
});

Deno.test("AdaptiveTimeout gives a host with varying latency more time", () => {
  const timeouts = new AdaptiveTimeout({ minMs: 1 });
  for (let i = 0; i < 50; i++) {
    timeouts.recordResponse("even", 500);
    timeouts.recordResponse("uneven", i % 2 === 0 ? 100 : 900);
  }
  assert(timeouts.timeoutMs("uneven", 0) > 2 * timeouts.timeoutMs("even", 0));
});

Deno.test("AdaptiveTimeout doubles after each timeout and resets with a response", () => {
  const timeouts = new AdaptiveTimeout({ minMs: 1000, maxMs: 5000 });
  timeouts.recordResponse("a", 10);
  timeouts.recordExpiry("a");
  assertEquals(timeouts.timeoutMs("a", 0), 2000);
  for (let i = 0; i < 9; i++) timeouts.recordExpiry("a");
  assertEquals(timeouts.timeoutMs("a", 0), 5000);
  timeouts.recordResponse("a", 10);
  assertEquals(timeouts.timeoutMs("a", 0), 1000);
});

Deno.test("AdaptiveTimeout asks a host that has fallen silent at least every 30 s, and gives an unknown one more", () => {
  const timeouts = new AdaptiveTimeout();
  timeouts.recordResponse("known", 200);
  timeouts.recordResponse("slow", 1500);
  const after = (host: string, expiries: number): number => {
    for (let expiry = 0; expiry < expiries; expiry++) timeouts.recordExpiry(host);
    return timeouts.timeoutMs(host, 30_000);
  };
  assertEquals([after("known", 1), after("known", 1), after("known", 4)], [20_000, 30_000, 30_000]);
  // Its own latency needs more than that.
  assertEquals([after("slow", 0), after("slow", 3)], [45_000, 45_000]);
  assertEquals([after("unknown", 1), after("unknown", 1)], [60_000, 120_000]);
});
