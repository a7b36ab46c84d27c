import { type Clock, systemClock } from "../base/mod.ts";
import type { BenchSide, PlacedSample, SideRuns } from "./bench_side.ts";

/** Options of {@linkcode runInterleaved}. */
export interface RunInterleavedOptions {
  /** What is compared. */
  readonly sides: readonly BenchSide[];
  /** Measured rounds. */
  readonly runs: number;
  /**
   * Rounds before them: caches fill, and the first runs of a series differ from the others.
   *
   * @default {1}
   */
  readonly warmup?: number | undefined;
  /** Told after each run. */
  readonly onRun?: ((side: string, sample: PlacedSample) => void) | undefined;
  /** Stops the runs; what is under way is told by its own context. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Stamps the runs.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "monotonic"> | undefined;
}

/**
 * Let all sides run once a round, in an order that turns over from round to round (A B, B A, A B, …): what changes on
 * the machine meanwhile strikes all of them alike. A side that fails is given up, and the others go on.
 *
 * @param options Sides and counts
 * @returns All runs, by side, in the order of the sides
 * @throws {RangeError} If there is no side, no run, or one name twice
 */
export async function runInterleaved(options: RunInterleavedOptions): Promise<readonly SideRuns[]> {
  const { sides, runs, warmup = 1, onRun = () => {}, signal, clock = systemClock } = options;
  assertSound(sides, runs, warmup);
  const start = clock.monotonic();
  const states = sides.map((side) => ({ side, samples: [] as PlacedSample[], problem: null as string | null }));
  for (let round = 0; round < warmup + runs; round++) {
    for (const state of round % 2 === 0 ? states : states.toReversed()) {
      signal?.throwIfAborted();
      if (state.problem !== null) continue;
      try {
        const sample = await runOnce(state.side, { context: { round, signal }, clock, start });
        state.samples.push(sample);
        onRun(state.side.name, sample);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        state.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return states.map(({ side, samples, problem }) => ({
    name: side.name,
    problem,
    warmup: samples.filter((sample) => sample.round < warmup),
    samples: samples.filter((sample) => sample.round >= warmup),
  }));
}

interface Once {
  readonly context: { readonly round: number; readonly signal: AbortSignal | undefined };
  readonly clock: Pick<Clock, "monotonic">;
  readonly start: number;
}

async function runOnce(side: BenchSide, { context, clock, start }: Once): Promise<PlacedSample> {
  await side.prepare?.(context);
  const startedMs = clock.monotonic() - start;
  const sample = await side.run(context);
  await side.check?.(sample, context);
  return { ...sample, round: context.round, startedMs };
}

function assertSound(sides: readonly BenchSide[], runs: number, warmup: number): void {
  if (sides.length === 0) throw new RangeError("Cannot run a benchmark: it has no sides");
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`Cannot run a benchmark ${runs} times`);
  if (!Number.isInteger(warmup) || warmup < 0) throw new RangeError(`Cannot warm up ${warmup} times`);
  const names = new Set(sides.map((side) => side.name));
  if (names.size < sides.length) throw new RangeError("Cannot run a benchmark: two sides have one name");
}
