import {
  type BenchDocument,
  evidenceHeader,
  judgePhaseReport,
  PHASE_SCHEMA,
  phaseBenchmarks,
  type SideRuns,
} from "../../lib/bench/mod.ts";
import type { Workloads } from "./run_benchmark.ts";
import { KitError, messageOf } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { describeCheckout } from "../../lib/git/mod.ts";
import { VERDICT_EXITS, verdictOf } from "../../lib/judge/mod.ts";
import { openPhaseBaseline, type PhaseBaseline } from "./phase_baseline.ts";
import { requireCheckout } from "../_frame/program_form.ts";
import type { BenchmarkFlags } from "./benchmark_flags.ts";

/** Minimum number of runs of a side for a verdict. */
const ENOUGH = 10;
/** Values of `--scale` and `--runs` with `--quick`. */
const QUICK = { scale: 0.05, runs: 4 };

/** A measured phase. */
export interface MeasuredPhase {
  /** Its report, the evidence for the gate. */
  readonly document: BenchDocument;
  /** 1 if a claim failed, 0 if all pass and something was promised, 3 otherwise. */
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
  const usual = flags.quick ? QUICK : { runs: ENOUGH, scale: 1 };
  const runs = context.sourceOf("runs") === "flag" ? flags.runs : usual.runs;
  const scale = context.sourceOf("scale") === "flag" ? flags.scale : usual.scale;
  const fewRuns = runs < ENOUGH ? `each side ran ${runs} of at least ${ENOUGH} times` : null;
  const preview = scale < 1 ? `the work is scaled by ${scale}` : fewRuns;
  const all = new Map<string, readonly SideRuns[]>();
  const { phaseTargets, isPromised, requiredSpeedUps, phaseSides, PHASE_PROFILES } = workloads;
  const options = { baselineRoot: baseline.root };
  const targets = pick(phaseTargets(phase, ({ id }, sides) => all.set(id, sides), options), flags.only);
  const names = targets.map(({ id }) => id);
  // Not a reservation of the report, because its times are still valid.
  const unjudged = isPromised(phase, names)
    ? null
    : `nothing is promised of phase ${phase} on ${names.join(", ")}, so that nothing was judged`;
  const measured = await workloads.measureTargets({
    targets,
    runs,
    scale,
    isVerdict: preview === null,
    engine: PHASE_PROFILES[phase - 1],
    workFolder: flags.workFolder ?? "bench-work",
    onProgress: (text: string) => display.log(text),
    signal,
  });
  const reservation = measured.isStopped
    ? `it was stopped after ${measured.targets.length} of ${names.length} workloads`
    : preview;
  const sides = phaseSides(phase);
  const { benchmarks, baselineBenchmarks } = phaseBenchmarks(all, sides);
  const header = await evidenceHeader(PHASE_SCHEMA, { startedAt, startedMs, seed: 9, folder: ".", plannedMs: 0 });
  const { sha } = header.commit;
  const document: BenchDocument = {
    ...header,
    ...measured.isStopped ? { end: { type: "signal", reason: messageOf(signal.reason) } } : {},
    phase,
    profile: measured.engine,
    runs,
    scale,
    reservation,
    required: requiredSpeedUps(phase, names),
    margin: 0.05,
    baseline: { name: baseline.name, sha: baseline.sha === "" ? sha : baseline.sha },
    phase1: baseline.kind,
    previous: {
      name: `phase ${phase - 1}`,
      benchmarks: phaseBenchmarks(all, { ...sides, target: sides.previous }).benchmarks,
    },
    target: { name: `phase ${phase}`, sha },
    command: `deno task benchmark --phase ${phase}${baseline.kind === "profile" ? "" : ` --baseline ${baseline.sha}`}`,
    benchmarks,
    baselineBenchmarks,
    notes: [
      "A speed-up is the ratio of the times of phase 1 to those of the phase; 1.2 means a sixth less time.",
      ...doubt === null ? [] : [doubt],
      ...reservation === null ? [] : [`No verdict: ${reservation}.`],
      ...unjudged === null ? [] : [`No verdict: ${unjudged}.`],
      ...measured.targets.flatMap(({ id, notes }) => notes.map((note) => `${id}: ${note}`)),
    ],
    order: orderOf(all),
  };
  const verdict = verdictOf(judgePhaseReport(document).map(({ claim }) => claim));
  const isOpen = reservation !== null || verdict === "inconclusive" || unjudged !== null && verdict === "pass";
  return { document, exitCode: VERDICT_EXITS[isOpen ? "inconclusive" : verdict] };
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
