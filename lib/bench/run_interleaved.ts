import { type Clock, messageOf, systemClock } from "../base/mod.ts";
import type { BenchSide, PlacedSample, SideRuns } from "./bench_side.ts";

/** Options of {@linkcode runInterleaved}. */
export interface RunInterleavedOptions {
  /** The sides to compare, at least one. Their names must be unique. */
  readonly sides: readonly BenchSide[];
  /** Number of measured rounds, at least 1. */
  readonly runs: number;
  /**
   * Number of warm-up rounds before the measured ones: they fill caches, and the first runs of a series differ from the
   * others.
   *
   * @default {1}
   */
  readonly warmup?: number | undefined;
  /** Called after each run that succeeded. */
  readonly onRun?: ((side: string, sample: PlacedSample) => void) | undefined;
  /** Stops after the run in progress; that run receives the signal in its context. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Source of the timestamps of the runs.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "monotonic"> | undefined;
}

/**
 * Run all sides once per round, in an order that is reversed from round to round (A B, B A, A B, …), so that changes on
 * the machine affect all sides equally. A side that fails is not run again; the others continue.
 *
 * @param options Sides and counts
 * @returns The runs of each side, in the order of the sides
 * @throws {RangeError} If there are no sides or runs, or two sides have the same name
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { measureProcess, runInterleaved } from "@civitai-dl/civitai-dl/bench";
 *
 * const order: string[] = [];
 * const side = (name: string) => ({ name, run: () => measureProcess([Deno.execPath(), "--version"]) });
 * const [first] = await runInterleaved({
 *   sides: [side("old"), side("new")],
 *   runs: 2,
 *   onRun: (name) => order.push(name),
 * });
 * assertEquals([first!.warmup.length, first!.samples.length], [1, 2]);
 * assertEquals(order, ["old", "new", "new", "old", "old", "new"]);
 * ```
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
        state.problem = messageOf(error);
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

interface RunOnceOptions {
  readonly context: { readonly round: number; readonly signal: AbortSignal | undefined };
  readonly clock: Pick<Clock, "monotonic">;
  readonly start: number;
}

async function runOnce(side: BenchSide, { context, clock, start }: RunOnceOptions): Promise<PlacedSample> {
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
  if (names.size < sides.length) throw new RangeError("Cannot run a benchmark: two sides have the same name");
}
