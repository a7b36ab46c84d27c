import { type BenchSide, runInterleaved, type SideRuns } from "../../lib/bench/mod.ts";
import type { PeerBench } from "./target.ts";

/** Options of {@linkcode takeTurns}. */
export interface TurnsOptions {
  /** Which target, for the progress. */
  readonly id: string;
  readonly sides: readonly BenchSide[];
  /**
   * Measured rounds.
   *
   * @default {the bench's}
   */
  readonly runs?: number | undefined;
  /** @default {1} */
  readonly warmup?: number | undefined;
}

/** Let the sides run in turn, and tell how far it is. */
export async function takeTurns(bench: PeerBench, options: TurnsOptions): Promise<readonly SideRuns[]> {
  const { id, sides, runs = bench.runs, warmup = 1 } = options;
  const all = await runInterleaved({
    sides,
    runs,
    warmup,
    signal: bench.signal,
    onRun(side, { round, seconds }) {
      const place = round < warmup ? "warm-up" : `${round - warmup + 1} of ${runs}`;
      bench.tell(`${id} ${place}: ${side} ${seconds.toFixed(2)} s`);
    },
  });
  for (const { name, problem } of all) if (problem !== null) bench.tell(`${id}: gave up ${name}: ${problem}`);
  return all;
}
