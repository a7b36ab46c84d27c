import { assert } from "@std/assert";
import type { Random } from "../../../lib/base/mod.ts";
import { type SimulatedServer, simulateLimit } from "../_simulate_limit.ts";

const SEEDS = [1, 2, 3, 4, 5];

function around(ms: number, random: Random): number {
  return ms * (0.85 + 0.3 * random());
}

/** Responds 503 at once above a limit. */
function refusingAbove(bound: number): SimulatedServer {
  return (inFlight, random) => inFlight > bound ? { status: 503, ms: 2 } : { status: 200, ms: around(100, random) };
}

Deno.test("AdaptiveLimit finds the limit of a server that refuses above 4, and follows it up to 12", async () => {
  for (const seed of SEEDS) {
    const [low, high] = await simulateLimit({
      seed,
      workers: 32,
      limit: { ceiling: 16 },
      periods: [{ seconds: 60, server: refusingAbove(4) }, { seconds: 60, server: refusingAbove(12) }],
    });
    assert(Math.abs(low!.meanLimit - 4) <= 1, `seed ${seed}: ${low!.meanLimit}`);
    assert(low!.refused / low!.requests < 0.05, `seed ${seed}: ${low!.refused} of ${low!.requests}`);
    assert(high!.secondsTo(8) < 30, `seed ${seed}: ${high!.secondsTo(8)} s`);
    assert(Math.abs(high!.meanLimit - 12) <= 2, `seed ${seed}: ${high!.meanLimit}`);
  }
});

Deno.test("AdaptiveLimit finds the limit of a server that never refuses but is three times slower above 4", async () => {
  const server: SimulatedServer = (inFlight, random) => ({ status: 200, ms: around(inFlight > 4 ? 300 : 100, random) });
  for (const seed of SEEDS) {
    const [figures] = await simulateLimit({
      seed,
      workers: 32,
      limit: { ceiling: 16 },
      periods: [{ seconds: 60, server }],
    });
    assert(Math.abs(figures!.meanLimit - 4) <= 1, `seed ${seed}: ${figures!.meanLimit}`);
  }
});

Deno.test("AdaptiveLimit does not drift up on a full line whose latency grows slowly", async () => {
  const server: SimulatedServer = (inFlight, random) => {
    return { status: 200, ms: around(100 * Math.max(1, inFlight / 4), random) };
  };
  for (const seed of SEEDS.slice(0, 2)) {
    const [figures] = await simulateLimit({
      seed,
      workers: 40,
      limit: { ceiling: 32 },
      periods: [{ seconds: 600, server }],
    });
    assert(figures!.meanLimit < 9, `seed ${seed}: ${figures!.meanLimit}`);
  }
});

Deno.test("AdaptiveLimit uses the capacity of a server with widely scattered latencies", async () => {
  // Log-normal: one in twenty takes more than three times the median.
  const server: SimulatedServer = (_inFlight, random) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return { status: 200, ms: 100 * Math.exp(0.7 * normal) };
  };
  let sum = 0;
  for (const seed of SEEDS) {
    const [figures] = await simulateLimit({
      seed,
      workers: 32,
      limit: { ceiling: 16 },
      periods: [{ seconds: 120, server }],
    });
    sum += figures!.meanLimit;
  }
  assert(sum / SEEDS.length > 8, `the mean limit is ${sum / SEEDS.length}`);
});
