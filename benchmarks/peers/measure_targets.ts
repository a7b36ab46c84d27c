import { ensureDir } from "@std/fs";
import { KitError } from "../../lib/base/mod.ts";
import type { SideRuns } from "../../lib/bench/mod.ts";
import type { ReportedCriterion, ReportedSample, ReportedTarget, TargetStatus } from "../../lib/report/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { findTools } from "./_tools.ts";
import type { PeerBench, PeerTarget } from "./target.ts";

/** Options of {@linkcode measureTargets}. */
export interface MeasureTargetsOptions {
  /** What is measured, in this order. */
  readonly targets: readonly PeerTarget[];
  /** Measured rounds. */
  readonly runs: number;
  /** Share of the full size. */
  readonly scale: number;
  /** Name of the engine's profile; the newest that exists by default. */
  readonly engine: string | undefined;
  /** Where files of many GB may be; a folder of its own is made there and removed. */
  readonly workFolder: string;
  /** Whether the numbers can be a verdict at all. */
  readonly isVerdict: boolean;
  /** Told how far it is. */
  readonly tell: (text: string) => void;
  /** Stops everything. */
  readonly signal: AbortSignal;
}

/** What was measured, and by what. */
export interface MeasuredTargets {
  /** In the order of the targets. */
  readonly targets: readonly ReportedTarget[];
  /** The engine's profile. */
  readonly engine: string;
  /** Versions of all programs that took part. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The profiles from the newest to the oldest. */
const NEWEST_FIRST = ["turbo", "parallel", "resilient", "stable"];

/** Measure targets one after another; one that fails is told as not measured, and the others go on. */
export async function measureTargets(options: MeasureTargetsOptions): Promise<MeasuredTargets> {
  const { targets, runs, scale, workFolder, isVerdict, tell, signal } = options;
  const engines = Object.keys(PROFILES);
  const engine = options.engine ?? NEWEST_FIRST.find((name) => engines.includes(name)) ?? "stable";
  if (!engines.includes(engine)) {
    const hint = `There are ${engines.join(", ")}`;
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
    engines,
    tools,
    folder,
    tell,
    signal,
    once<T>(name: string, make: () => Promise<T>): Promise<T> {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as Promise<T>;
    },
  };
  try {
    const reports: ReportedTarget[] = [];
    for (const target of targets) {
      tell(`${target.id} ${target.title}`);
      reports.push(await measureOne(target, bench, isVerdict));
    }
    return { targets: reports, engine, versions: tools.versions };
  } finally {
    await Deno.remove(folder, { recursive: true });
    // Somebody else may have things there.
    await Deno.remove(workFolder).catch(() => {});
  }
}

async function measureOne(target: PeerTarget, bench: PeerBench, isVerdict: boolean): Promise<ReportedTarget> {
  const { id, title } = target;
  try {
    const { runs, ...measurement } = await target.measure(bench);
    return { id, title, status: statusOf(measurement.criteria, isVerdict), ...measurement, samples: samplesOf(runs) };
  } catch (error) {
    if (bench.signal.aborted) throw bench.signal.reason;
    const note = error instanceof Error ? error.message : String(error);
    bench.tell(`${id}: ${note}`);
    return { id, title, status: "not measured", workload: "", criteria: [], charts: [], samples: [], notes: [note] };
  }
}

function statusOf(criteria: readonly ReportedCriterion[], isVerdict: boolean): TargetStatus {
  const verdicts = criteria.map((criterion) => criterion.isMet);
  if (verdicts.every((verdict) => verdict === null)) return "not measured";
  if (!isVerdict) return "looked at";
  if (verdicts.includes(false)) return "missed";
  return verdicts.includes(null) ? "not measured" : "met";
}

function samplesOf(runs: readonly SideRuns[]): readonly ReportedSample[] {
  return runs.flatMap(({ name, warmup, samples }) =>
    [...warmup, ...samples].map((sample) => {
      const { round, startedMs, seconds, cpuSeconds, peakRssBytes, bytes, figures } = sample;
      const isWarmup = warmup.includes(sample);
      return {
        side: name,
        round,
        isWarmup,
        startedMs,
        seconds,
        cpuSeconds,
        peakRssBytes,
        bytes,
        ...figures === undefined ? {} : { figures },
      };
    })
  );
}
