import { type Random, seededRandom } from "../../lib/base/mod.ts";
import { AdaptiveLimit, type AdaptiveLimitOptions } from "../../lib/failsafe/mod.ts";
import { EventClock } from "../helpers/event_clock.ts";

/** What a simulated server does with a request, given the number of requests in flight. */
export type SimulatedServer = (inFlight: number, random: Random) => { readonly status: number; readonly ms: number };

/** Options of {@linkcode simulateLimit}. */
export interface SimulateOptions {
  readonly seed: number;
  readonly limit: AdaptiveLimitOptions;
  readonly workers: number;
  /** The periods in order, each with its duration. */
  readonly periods: readonly { readonly seconds: number; readonly server: SimulatedServer }[];
}

/** The result of one period. */
export interface PeriodFigures {
  /** The mean of the limit over the last third, weighted by time. */
  readonly meanLimit: number;
  /** Seconds from the start of the period until the limit was first `n`, by n. */
  readonly secondsTo: (limit: number) => number;
  readonly requests: number;
  readonly refused: number;
  readonly peakInFlight: number;
}

/** Workers that always have something to do, a limit and a server, in simulated time. */
export async function simulateLimit(options: SimulateOptions): Promise<readonly PeriodFigures[]> {
  const random = seededRandom(options.seed);
  const clock = new EventClock();
  const steps: { at: number; limit: number }[] = [];
  const limit = new AdaptiveLimit("simulated", {
    ...options.limit,
    clock,
    onChange: ({ to }) => steps.push({ at: clock.monotonic(), limit: to }),
  });
  steps.push({ at: 0, limit: limit.limit });
  const stop = new AbortController();
  let server = options.periods[0]!.server;
  let inFlight = 0;
  let tally = { requests: 0, refused: 0, peakInFlight: 0 };
  const work = async () => {
    while (true) {
      using permit = await limit.acquire({ signal: stop.signal });
      tally.peakInFlight = Math.max(tally.peakInFlight, ++inFlight);
      const { status, ms } = server(inFlight, random);
      tally.requests++;
      if (status !== 200) tally.refused++;
      await clock.sleep(ms);
      inFlight--;
      permit.finish(status === 200 ? { type: "ok", latencyMs: ms } : { type: "refused" });
    }
  };
  // They end by the signal.
  const workers = Array.from({ length: options.workers }, () => work().catch(() => {}));
  const figures: PeriodFigures[] = [];
  for (const period of options.periods) {
    server = period.server;
    tally = { requests: 0, refused: 0, peakInFlight: 0 };
    const start = clock.monotonic();
    await clock.run(period.seconds * 1000);
    const end = clock.monotonic();
    figures.push({
      ...tally,
      meanLimit: meanBetween(steps, end - (end - start) / 3, end),
      secondsTo: (wanted) => ((steps.find((it) => it.at >= start && it.limit >= wanted)?.at ?? NaN) - start) / 1000,
    });
  }
  stop.abort();
  await clock.run();
  await Promise.all(workers);
  return figures;
}

function meanBetween(steps: readonly { at: number; limit: number }[], from: number, to: number): number {
  let sum = 0;
  for (const [index, step] of steps.entries()) {
    const begin = Math.max(from, step.at);
    const end = Math.min(to, steps[index + 1]?.at ?? to);
    if (end > begin) sum += step.limit * (end - begin);
  }
  return sum / (to - from);
}
