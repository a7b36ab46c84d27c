import { ensureDir } from "@std/fs";
import { join } from "node:path";
import type { BenchSide, RequiredSpeedUp, Sample, SideRuns } from "../../lib/bench/mod.ts";
import { formatSize } from "../../lib/base/mod.ts";
import { quantile } from "../../lib/stats/mod.ts";
import {
  checkDone,
  ownFolder,
  type PeerBench,
  type PeerTarget,
  programEnv,
  programWords,
  QUIET_WORDS,
  runProgram,
  takeTurns,
} from "../peers/mod.ts";
import { type ServedWorkload, serveWorkload } from "./_serve_workload.ts";
import { type Workload, WORKLOADS } from "./workload.ts";

/** The profiles of phases 1 to 4. */
export const PHASE_PROFILES = ["stable", "resilient", "parallel", "turbo"] as const;

/**
 * The workload on which a phase is also compared with the phase before: only segments help against a limit per
 * connection.
 */
const OVER_PREVIOUS = { phase: 4, workload: "capped" };

/** The workload that resembles real use, on which speed is promised. */
const PROMISED = "mixed";

/** Required of phases 2 to 4 on {@linkcode PROMISED}: no more than 5 % slower than phase 1, or faster. */
const SPEED_UPS = [{ op: ">=", value: 1 / 1.05 }, { op: ">=", value: 1.2 }, { op: ">=", value: 2 }] as const;

/** Whether something is promised of a phase on any of the workloads. */
export function isPromised(phase: number, workloads: readonly string[]): boolean {
  return phase > 1 && workloads.includes(PROMISED) ||
    phase === OVER_PREVIOUS.phase && workloads.includes(OVER_PREVIOUS.workload);
}

/** What is required of the times of a phase; where nothing is promised, that it was measured at all. */
export function requiredSpeedUps(phase: number, workloads: readonly string[]): readonly RequiredSpeedUp[] {
  const measured = { op: ">", value: 0 } as const;
  const over1 = workloads.map((workload): RequiredSpeedUp => ({
    benchmark: `${workload}: time`,
    isOverPrevious: false,
    limit: workload === PROMISED ? SPEED_UPS[phase - 2] ?? measured : measured,
  }));
  const { workload } = OVER_PREVIOUS;
  if (phase !== OVER_PREVIOUS.phase || !workloads.includes(workload)) return over1;
  return [...over1, { benchmark: `${workload}: time`, isOverPrevious: true, limit: { op: ">", value: 1.5 } }];
}

/** Names of the sides in each workload. */
export interface PhaseSides {
  readonly baseline: string;
  readonly again: string;
  readonly target: string;
  /** The phase before; only on the workload of {@linkcode OVER_PREVIOUS}. */
  readonly previous: string;
}

/** Name the sides of a phase, for pages and reports. */
export function phaseSides(phase: number): PhaseSides {
  const nameOf = (one: number) => `ours, phase ${one} (${PHASE_PROFILES[Math.max(0, one - 1)]!})`;
  return {
    baseline: "phase 1 (stable)",
    again: "phase 1 again",
    target: nameOf(phase),
    previous: nameOf(phase - 1),
  };
}

/** Which program plays phase 1. */
export interface PhaseOptions {
  /** Root folder of the checkout whose profile `stable` is phase 1; this checkout if absent. */
  readonly baselineRoot?: string | undefined;
}

/**
 * Build the targets that compare a phase with phase 1, one per workload. `onRuns` receives the runs of each workload.
 */
export function phaseTargets(
  phase: number,
  onRuns: (workload: Workload, runs: readonly SideRuns[]) => void,
  options: PhaseOptions = {},
): readonly PeerTarget[] {
  return WORKLOADS.map((workload): PeerTarget => ({
    id: workload.id,
    title: workload.title,
    async measure(bench) {
      await using served = await serveWorkload(bench, workload);
      const runs = await takeTurns(bench, {
        id: workload.id,
        sides: await sidesOf(bench, workload, { served, phase, ...options }),
      });
      onRuns(workload, runs);
      const notes = [
        `${served.files} files, ${formatSize(served.bytes)} together, from ${served.server}${detailWords(workload)}. ` +
        "The whole program: plan or queue, fetch, verify, catalog and sidecars, without flushing to disk.",
      ];
      return { runs, workload: "", claims: [], charts: [], notes };
    },
  }));
}

async function sidesOf(
  bench: PeerBench,
  workload: Workload,
  { served, phase, baselineRoot }: PhaseOptions & { readonly served: ServedWorkload; readonly phase: number },
): Promise<readonly BenchSide[]> {
  const names = phaseSides(phase);
  const folder = await ownFolder(bench, workload.id);
  let count = 0;
  const side = (name: string, profile: string, root?: string): BenchSide => {
    const program = programWords("scripts/download.ts", root);
    const command = [...program, ...QUIET_WORDS, "--no-fsync", "--events", ...served.words];
    let place = "";
    return {
      name,
      async prepare() {
        place = join(folder, String(++count));
        await ensureDir(place);
        await served.prepare(place);
      },
      async run(): Promise<Sample> {
        const env = { ...programEnv(place), ...served.env };
        const options = { cwd: place, env, bytes: served.bytes, signal: bench.signal };
        const run = await runProgram([...command, "--engine", profile], options);
        return { ...run, figures: { ...fileFigures(run.stdout), ...await served.take() } };
      },
      async check() {
        checkDone(place, served.files);
        await Deno.remove(place, { recursive: true });
      },
    };
  };
  const first = PHASE_PROFILES[0];
  const profile = PHASE_PROFILES[phase - 1]!;
  const isCompared = phase === OVER_PREVIOUS.phase && workload.id === OVER_PREVIOUS.workload;
  return [
    side(names.baseline, first, baselineRoot),
    side(names.target, profile),
    ...isCompared ? [side(names.previous, PHASE_PROFILES[phase - 2]!)] : [],
    side(names.again, first, baselineRoot),
  ];
}

/** Compute percentiles of the time per file, in seconds, from the program's own events. */
function fileFigures(stdout: string): Readonly<Record<string, number>> {
  const durations = stdout.split("\n").filter((line) => line.includes('"type":"end"'))
    .map((line) => JSON.parse(line)).filter((event) => event.outcome === "done").map((event) =>
      event.durationMs / 1000
    );
  if (durations.length === 0) return {};
  const quantileOf = (share: number) => quantile(durations, share);
  return { fileP50: quantileOf(0.5), fileP95: quantileOf(0.95), fileP99: quantileOf(0.99) };
}

function detailWords({ latencyMs, bytesPerSecond, faultRate }: Workload): string {
  const details = [
    latencyMs === undefined ? null : `${latencyMs} ms before each answer`,
    bytesPerSecond === undefined ? null : `${(bytesPerSecond / 1e6).toFixed(0)} MB/s on each connection`,
    faultRate === undefined ? null : `${faultRate * 100} % of the storage's answers broken`,
  ].filter((detail) => detail !== null);
  return details.length === 0 ? "" : `: ${details.join(", ")}`;
}
