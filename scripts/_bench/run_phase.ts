import {
  type BenchDocument,
  claimOverPrevious,
  compareBenchmarks,
  evidenceHeader,
  isPromised,
  PHASE_SCHEMA,
  phaseBenchmarks,
  type PhaseClaim,
  phaseClaims,
  phaseExitCode,
  type SideRuns,
} from "../../lib/bench/mod.ts";
import type { Workloads } from "./run_benchmark.ts";
import { benchmarkFacts } from "./benchmark_facts.ts";
import { KitError, VERSION } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { describeCheckout } from "../../lib/git/mod.ts";
import { openPhaseBaseline, type PhaseBaseline } from "./phase_baseline.ts";
import { requireCheckout } from "../_frame/program_form.ts";
import type { BenchmarkFlags } from "./benchmark_flags.ts";
import type { BenchmarkReport } from "../../lib/report/mod.ts";

/** Minimum number of runs of a side for a verdict. */
const ENOUGH = 10;
/** Values of `--scale` and `--runs` with `--quick`. */
const QUICK = { scale: 0.05, runs: 4 };

/** A measured phase: evidence for the gate, and a page for people. */
export interface MeasuredPhase {
  readonly document: BenchDocument;
  readonly page: BenchmarkReport;
  readonly exitCode: number;
}

/** Measure a phase, 1 to 4, against phase 1: its tag, the commit of `--baseline`, or the profile of this commit. */
export async function runPhase(
  phase: number,
  context: CommandContext<BenchmarkFlags>,
  workloads: Workloads,
): Promise<MeasuredPhase> {
  const { flags, display, signal } = context;
  const folder = requireCheckout("benchmark");
  await using baseline = await openPhaseBaseline({
    folder,
    sha: (await describeCheckout(folder)).sha,
    ref: flags.baseline,
    onProgress: (text) => display.log(text),
    signal,
  });
  return await measurePhase(phase, context, { workloads, baseline });
}

/** Say why the gate takes no speed-up from a report with this baseline; `null` if it does. */
function explainBaseline({ kind }: PhaseBaseline): string | null {
  if (kind === "tag") return null;
  const what = kind === "profile" ? "the profile stable of this commit" : "another commit";
  return `Phase 1 is ${what}: the gate accepts only the tag of phase 1, which deno task branch finish-phase 1 makes.`;
}

async function measurePhase(
  phase: number,
  context: CommandContext<BenchmarkFlags>,
  { workloads, baseline }: { readonly workloads: Workloads; readonly baseline: PhaseBaseline },
): Promise<MeasuredPhase> {
  const { flags, display, signal } = context;
  // Before the first of many minutes.
  const doubt = explainBaseline(baseline);
  if (doubt !== null) display.log(doubt);
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const isQuick = flags.quick;
  const runs = context.sourceOf("runs") === "flag" ? flags.runs : isQuick ? QUICK.runs : ENOUGH;
  const scale = context.sourceOf("scale") === "flag" ? flags.scale : isQuick ? QUICK.scale : 1;
  const preview = scale < 1
    ? `the work is scaled by ${scale}`
    : runs < ENOUGH
    ? `each side ran ${runs} of at least ${ENOUGH} times`
    : null;
  const all = new Map<string, readonly SideRuns[]>();
  const { phaseTargets, OVER_PREVIOUS } = workloads;
  const options = { baselineRoot: baseline.root };
  const targets = pick(phaseTargets(phase, ({ id }, sides) => all.set(id, sides), options), flags.only);
  const names = targets.map(({ id }) => id);
  const isOverPrevious = phase === OVER_PREVIOUS.phase && names.includes(OVER_PREVIOUS.workload);
  const unjudged = isOverPrevious || names.some((name) => isPromised(phase, name))
    ? null
    : `nothing is promised of phase ${phase} on ${names.join(", ")}, so that nothing was judged`;
  // Not a reservation of the report, because its times are still valid.
  const isVerdict = preview === null && unjudged === null;
  const measured = await workloads.measureTargets({
    targets,
    runs,
    scale,
    isVerdict,
    engine: workloads.PHASE_PROFILES[phase - 1],
    workFolder: flags.workFolder ?? "bench-work",
    onProgress: (text: string) => display.log(text),
    signal,
  });
  const reservation = measured.isStopped
    ? `it was stopped after ${measured.targets.length} of ${names.length} workloads`
    : preview;
  const sides = workloads.phaseSides(phase);
  const { benchmarks, baselineBenchmarks } = phaseBenchmarks(all, sides);
  const { benchmarks: previousBenchmarks } = phaseBenchmarks(all, { ...sides, target: sides.previous });
  const speedup = workloads.PHASE_SPEEDUPS[phase - 1]!;
  const claims = [
    ...phaseClaims(phase, { benchmarks, baselineBenchmarks, speedup, workloads: names }),
    ...isOverPrevious ? [claimOverPrevious({ benchmarks, previousBenchmarks, ...OVER_PREVIOUS })] : [],
  ];
  const header = await evidenceHeader(PHASE_SCHEMA, { startedAt, startedMs, seed: 9, folder: ".", plannedMs: 0 });
  const { sha } = header.commit;
  const notes = [
    "Speed-up is the median time of phase 1 by the median time of the phase; 1.2 means a sixth less time.",
    ...doubt === null ? [] : [doubt],
    ...claims.filter(({ id }) => id.startsWith("speedup over")).map(describeOverPrevious),
    ...reservation === null ? [] : [`No verdict: ${reservation}.`],
    ...unjudged === null ? [] : [`No verdict: ${unjudged}.`],
    ...claims.filter(({ note }) => note !== "").map(({ id, note }) => `${id.replace(/^speedup:/, "")}: ${note}`),
    ...measured.targets.flatMap((target) => target.notes.map((note) => `${target.id}: ${note}`)),
  ];
  const document: BenchDocument = {
    ...header,
    ...measured.isStopped ? { end: { type: "signal", reason: reasonOf(signal) } } : {},
    phase,
    profile: measured.engine,
    runs,
    scale,
    reservation,
    claims,
    margin: 0.05,
    baseline: { name: baseline.name, sha: baseline.sha === "" ? sha : baseline.sha },
    phase1: baseline.kind,
    previous: { name: `phase ${phase - 1}`, benchmarks: previousBenchmarks },
    target: { name: `phase ${phase}`, sha },
    command: `deno task benchmark --phase ${phase}${baseline.kind === "profile" ? "" : ` --baseline ${baseline.sha}`}`,
    benchmarks,
    baselineBenchmarks,
    notes,
    order: orderOf(all),
    comparison: benchmarks.length === 0 ? null : compareBenchmarks(baselineBenchmarks, benchmarks),
  };
  const page: BenchmarkReport = {
    schema: "civitai-dl/benchmark",
    version: 1,
    title: `Phase ${phase} against ${baseline.name}`,
    startedAt,
    endedAt: header.endedAt,
    ...await benchmarkFacts(),
    targets: measured.targets,
    reservation: reservation ?? unjudged,
    versions: { "civitai-dl": VERSION, deno: Deno.version.deno, ...measured.versions },
    settings: { engine: measured.engine, runs, warmup: 1, scale },
  };
  return { document, page, exitCode: phaseExitCode(claims, reservation) };
}

function describeOverPrevious({ id, estimate, bound, requirement, verdict }: PhaseClaim): string {
  const figures = estimate === null || bound === null ? "" : ` ${estimate.toFixed(2)}, at least ${bound.toFixed(2)}`;
  return `${id}:${figures}, required ${requirement}: ${verdict}.`;
}

function pick<T extends { readonly id: string }>(all: readonly T[], only: readonly string[]): readonly T[] {
  const unknown = only.find((id) => !all.some((one) => one.id === id));
  if (unknown === undefined) return all.filter(({ id }) => only.length === 0 || only.includes(id));
  const hint = `There are ${all.map(({ id }) => id).join(", ")}`;
  throw new KitError("usage", `Cannot measure workload "${unknown}": there is no such`, { hint });
}

function orderOf(all: ReadonlyMap<string, readonly SideRuns[]>): BenchDocument["order"] {
  return [...all].flatMap(([id, sides]) =>
    sides.flatMap(({ name, warmup, samples }) =>
      [...warmup, ...samples].map(({ round, startedMs, seconds }) => ({
        side: `${id}: ${name}`,
        round,
        startedMs,
        seconds,
      }))
    ).toSorted((a, b) => a.startedMs - b.startedMs)
  );
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
