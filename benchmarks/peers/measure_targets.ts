import { ensureDir } from "@std/fs";
import { KitError, messageOf } from "../../lib/base/mod.ts";
import type { SideRuns } from "../../lib/bench/mod.ts";
import { judgeClaims, leaveOpen } from "../../lib/judge/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import type { MeasuredTarget } from "./peers_report.ts";
import { findTools } from "./_tools.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

/** Options of {@linkcode measureTargets}. */
export interface MeasureTargetsOptions {
  /** The targets to measure, in this order. */
  readonly targets: readonly PeerTarget[];
  /** Number of measured rounds. */
  readonly runs: number;
  /** Share of the full workload, from 0 to 1. */
  readonly scale: number;
  /** Name of the profile; `undefined` for the newest that exists. */
  readonly engine: string | undefined;
  /** Folder with room for many GB. A temporary folder is created in it, and removed at the end. */
  readonly workFolder: string;
  /** Whether the numbers decide; otherwise all claims are left open. */
  readonly isVerdict: boolean;
  /** Called with progress messages. */
  readonly onProgress: (text: string) => void;
  /** Stops the target in progress. Those that are complete by then are the result. */
  readonly signal: AbortSignal;
}

/** The results, and the programs that produced them. */
export interface MeasuredTargets {
  /** The results, in the order of the targets. */
  readonly targets: readonly MeasuredTarget[];
  /** Name of the profile. */
  readonly engine: string;
  /** Versions of all programs, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Whether the signal stopped it before all targets were measured. */
  readonly isStopped: boolean;
}

/** All profiles, from the newest to the oldest. */
const NEWEST_FIRST = ["turbo", "parallel", "resilient", "stable"];

/** Measure targets one after another. A target that fails is reported as not measured, and the others continue. */
export async function measureTargets(options: MeasureTargetsOptions): Promise<MeasuredTargets> {
  const { targets, runs, scale, workFolder, isVerdict, onProgress, signal } = options;
  const engines = Object.keys(PROFILES);
  const engine = options.engine ?? NEWEST_FIRST.find((name) => engines.includes(name)) ?? "stable";
  if (!engines.includes(engine)) {
    const hint = `Available: ${engines.join(", ")}`;
    throw new KitError("usage", `Cannot use engine "${engine}": there is no such profile`, { hint });
  }
  const tools = await findTools();
  await ensureDir(workFolder);
  const folder = await Deno.makeTempDir({ dir: await Deno.realPath(workFolder), prefix: "civitai-dl-bench-" });
  const made = new Map<string, Promise<unknown>>();
  const bench: PeerBench = {
    runs,
    scale,
    engine,
    tools,
    folder,
    onProgress,
    signal,
    once<T>(name: string, make: () => Promise<T>): Promise<T> {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as Promise<T>;
    },
  };
  try {
    const reports: MeasuredTarget[] = [];
    for (const target of targets) {
      onProgress(`${target.id} ${target.title}`);
      const report = await measureOne(target, bench, isVerdict);
      if (report === null) break;
      reports.push(report);
    }
    const isStopped = reports.length < targets.length;
    return { targets: reports, engine, versions: tools.versions, isStopped };
  } finally {
    await Deno.remove(folder, { recursive: true });
    // Fails if others have files in it, which then stay.
    await Deno.remove(workFolder).catch(() => {});
  }
}

/** Measure a target; `null` if the signal stopped it. */
async function measureOne(target: PeerTarget, bench: PeerBench, isVerdict: boolean): Promise<MeasuredTarget | null> {
  const { id, title } = target;
  try {
    const { runs, claims: measured, ...more } = await target.measure(bench);
    const claims = judgeClaims(measured);
    return { id, title, ...more, claims: isVerdict ? claims : leaveOpen(claims), runs: withoutOutput(runs) };
  } catch (error) {
    if (bench.signal.aborted) return null;
    const note = messageOf(error);
    bench.onProgress(`${id}: ${note}`);
    return { id, title, workload: "", claims: [], charts: [], runs: [], notes: [note] };
  }
}

/** The runs of all sides as a report keeps them, without what the programs printed. */
function withoutOutput(runs: readonly SideRuns[]): readonly SideRuns[] {
  const keep = (samples: SideRuns["samples"]) =>
    samples.map(({ round, startedMs, seconds, cpuSeconds, peakRssBytes, bytes, figures }) => {
      return { round, startedMs, seconds, cpuSeconds, peakRssBytes, bytes, figures };
    });
  return runs.map(({ name, samples, warmup, problem }) => {
    return { name, samples: keep(samples), warmup: keep(warmup), problem };
  });
}
