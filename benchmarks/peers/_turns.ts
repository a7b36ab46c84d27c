import { type BenchSide, runInterleaved, type SideRuns } from "../../lib/bench/mod.ts";
import type { PeerBench } from "./target.ts";

/** Options of {@linkcode takeTurns}. */
export interface TurnsOptions {
  /** Id of the target, for progress messages. */
  readonly id: string;
  readonly sides: readonly BenchSide[];
  /**
   * Number of measured rounds.
   *
   * @default {the runs of the bench}
   */
  readonly runs?: number | undefined;
  /**
   * Number of rounds before the measured ones.
   *
   * @default {1}
   */
  readonly warmup?: number | undefined;
}

/** Run the sides in turn, and report progress and sides that failed. */
export async function takeTurns(bench: PeerBench, options: TurnsOptions): Promise<readonly SideRuns[]> {
  const { id, sides, runs = bench.runs, warmup = 1 } = options;
  const all = await runInterleaved({
    sides,
    runs,
    warmup,
    signal: bench.signal,
    onRun(side, { round, seconds }) {
      const place = round < warmup ? "warm-up" : `${round - warmup + 1} of ${runs}`;
      bench.onProgress(`${id} ${place}: ${side} ${seconds.toFixed(2)} s`);
    },
  });
  for (const { name, problem } of all) if (problem !== null) bench.onProgress(`${id}: gave up ${name}: ${problem}`);
  return all;
}
