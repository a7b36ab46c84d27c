import { assert } from "@std/assert";
import { runLoad } from "./scenarios/adaptive_limit.ts";

Deno.test("AdaptiveLimit opens no more connections to a server than its ceiling, under any faults", async () => {
  const [figures] = await runLoad({
    limit: { ceiling: 4, start: 4 },
    workers: 16,
    abortShare: 0.2,
    periods: [{ seconds: 2, behavior: { mode: "moody", bound: 4, latencyMs: 60 } }],
  });
  const { peakConnections } = figures!;
  assert(peakConnections > 1 && peakConnections <= 4, `${peakConnections} connections`);
  assert(figures!.requests > 10);
});
