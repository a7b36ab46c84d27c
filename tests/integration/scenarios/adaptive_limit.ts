import { seededRandom } from "../../../lib/base/mod.ts";
import {
  AdaptiveLimit,
  type AdaptiveLimitOptions,
  type LimitOutcome,
  loadOutcomeOf,
  parseRetryAfter,
} from "../../../lib/failsafe/mod.ts";
import type { LoadBehavior, LoadFigures } from "./_load_server.ts";
import { type LoadServerHandle, startLoadServer } from "./_start_load_server.ts";

/** Options of {@linkcode runLoad}. */
export interface LoadOptions {
  readonly limit: AdaptiveLimitOptions;
  /** Number of workers that always have a request. */
  readonly workers: number;
  /** Share of requests that their worker aborts. */
  readonly abortShare?: number;
  /** The periods in order, on one limit and one server. */
  readonly periods: readonly { readonly seconds: number; readonly behavior: LoadBehavior }[];
}

/** The result of one period. */
export interface LoadPeriodFigures extends LoadFigures {
  /** The mean of the limit over the last third, weighted by time. */
  readonly meanLimit: number;
  /** Seconds until the limit was first twice the bound of the period before; `null` if never. */
  readonly secondsTo8: number | null;
  readonly refusedShare: number;
}

/** Keep a server in another process busy through a limit, and record the limit. */
export async function runLoad(options: LoadOptions): Promise<readonly LoadPeriodFigures[]> {
  await using server = await startLoadServer();
  const steps: { at: number; limit: number }[] = [];
  const note = (limit: number) => steps.push({ at: performance.now(), limit });
  const limit = new AdaptiveLimit("127.0.0.1", { ...options.limit, onChange: ({ to }) => note(to) });
  note(limit.limit);
  await server.behave(options.periods[0]!.behavior);
  const stop = new AbortController();
  const workers = Array.from({ length: options.workers }, (_, index) => {
    return work(server, limit, { seed: index, abortShare: options.abortShare ?? 0, signal: stop.signal });
  });
  const figures: LoadPeriodFigures[] = [];
  for (const period of options.periods) {
    await server.behave(period.behavior);
    const start = performance.now();
    await wait(period.seconds * 1000);
    const end = performance.now();
    const seen = await server.figures();
    const first = steps.find((it) => it.at >= start && it.limit >= 8);
    figures.push({
      ...seen,
      meanLimit: meanBetween(steps, end - (end - start) / 3, end),
      secondsTo8: first === undefined ? null : (first.at - start) / 1000,
      refusedShare: seen.refused / seen.requests,
    });
  }
  stop.abort();
  await Promise.all(workers);
  return figures;
}

async function work(
  server: LoadServerHandle,
  limit: AdaptiveLimit,
  options: { readonly seed: number; readonly abortShare: number; readonly signal: AbortSignal },
): Promise<void> {
  const random = seededRandom(options.seed);
  while (!options.signal.aborted) {
    try {
      using permit = await limit.acquire({ signal: options.signal });
      const giveUp = random() < options.abortShare ? [AbortSignal.timeout(Math.ceil(random() * 80))] : [];
      permit.finish(await ask(server.url, AbortSignal.any([options.signal, ...giveUp])));
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
  }
}

async function ask(url: string, signal: AbortSignal): Promise<LimitOutcome> {
  const start = performance.now();
  try {
    const response = await fetch(url, { signal });
    const latencyMs = performance.now() - start;
    const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), Date.now());
    await response.text();
    return response.status === 200 ? { type: "ok", latencyMs } : { type: "refused", retryAfterMs };
  } catch (error) {
    return signal.aborted ? { type: "ignored" } : loadOutcomeOf(error);
  }
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

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
