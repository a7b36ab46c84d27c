import { join } from "node:path";
import { busyConnections } from "../../../benchmarks/peers/_busy_connections.ts";
import { ownFolder } from "../../../benchmarks/peers/_own_folder.ts";
import { programEnv, programWords } from "../../../benchmarks/peers/_program_words.ts";
import { randomFile, servedFolder } from "../../../benchmarks/peers/_random_file.ts";
import { runProgram } from "../../../benchmarks/peers/_run_program.ts";
import { takeTurns } from "../../../benchmarks/peers/_turns.ts";
import { startWebServer } from "../../../benchmarks/peers/_web_server.ts";
import { type BenchSide, compareSides, type SideRuns } from "../../../lib/bench/mod.ts";
import { type Estimate, medianInterval } from "../../../lib/stats/mod.ts";
import { makePeerBench } from "./_peer_bench.ts";

/** Options of {@linkcode compareProfiles}. */
export interface CappedOptions {
  readonly bytes: number;
  /** Rate of one connection in nginx's notation; unlimited if absent. */
  readonly limitRate?: string | undefined;
  /** Measured rounds of each profile. */
  readonly pairs: number;
  /** Warm-up rounds. */
  readonly warmup: number;
  /** Called with progress. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** The results of one profile. */
export interface ProfileFigures {
  readonly seconds: Estimate;
  /** Durations by the engine's own clock, in order. */
  readonly samples: readonly number[];
  /** Peak and total of connections at the server, at most in any run. */
  readonly atOnce: number;
  readonly connections: number;
}

/** The comparison of the profiles. */
export interface CappedFigures {
  readonly stable: ProfileFigures;
  readonly turbo: ProfileFigures;
  /** Ratio of stable's time to turbo's over the pairs, by the engine's own clock. */
  readonly gain: Estimate;
  /** The same by the wall clock: with the start of the process, which is the same for both. */
  readonly wallGain: Estimate;
}

/** Fetch one file from nginx by stable and by turbo alternately, each in a process of its own, verified. */
export async function compareProfiles(options: CappedOptions): Promise<CappedFigures> {
  const { bytes, limitRate, pairs, warmup, onProgress } = options;
  await using bench = await makePeerBench({ runs: pairs, onProgress });
  bench.tools.need("nginx");
  const file = await randomFile(bench, bytes);
  await using server = await startWebServer(bench, { root: await servedFolder(bench), limitRate });
  const folder = await ownFolder(bench, "out");
  const path = join(folder, "out.bin");
  const script = programWords("benchmarks/peers/transfer_one.ts");
  const side = (name: string): BenchSide => ({
    name,
    async run() {
      await server.takeRequests();
      const words = [...script, `${server.origin}/${file.name}`, file.sha256, path, name];
      const sample = await runProgram(words, { cwd: folder, env: programEnv(folder), bytes, signal: bench.signal });
      const engineSeconds = Number(JSON.parse(sample.stdout).seconds);
      const requests = await server.takeRequests();
      const connections = new Set(requests.map((request) => request.connection)).size;
      return { ...sample, figures: { connections, atOnce: busyConnections(requests), engineSeconds } };
    },
    check: () => Deno.remove(path),
  });
  const sides = [side("stable"), side("turbo")];
  const runs = await takeTurns(bench, { id: limitRate ?? "no limit", sides, warmup });
  const gainBy = (metric: string): Estimate => compareSides(runs, { of: "stable", to: "turbo", metric })!.ratio;
  return {
    stable: figuresOf(runs, "stable"),
    turbo: figuresOf(runs, "turbo"),
    gain: gainBy("engineSeconds"),
    wallGain: gainBy("seconds"),
  };
}

function figuresOf(runs: readonly SideRuns[], name: string): ProfileFigures {
  const { samples, problem } = runs.find((side) => side.name === name)!;
  if (problem !== null) throw new Error(`Cannot measure "${name}": ${problem}`);
  const seconds = samples.map((sample) => sample.figures?.engineSeconds ?? NaN);
  const most = (figure: string): number => Math.max(...samples.map((sample) => sample.figures?.[figure] ?? 0));
  return {
    seconds: medianInterval(seconds),
    samples: seconds,
    atOnce: most("atOnce"),
    connections: most("connections"),
  };
}
