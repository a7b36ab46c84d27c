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
