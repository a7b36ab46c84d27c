import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type {
  BenchmarkReport,
  ReportedCriterion,
  ReportedSeries,
  ReportedTarget,
  TargetStatus,
} from "../../report/mod.ts";
import { hodgesLehmannRatio } from "../../stats/mod.ts";
import { type BenchDocument, PHASE_SCHEMA } from "../document/bench_document.ts";
import { factsOf, seriesOf } from "./bench_page.ts";
import type { PhaseClaim } from "../phase/phase_claims.ts";

/**
 * Whether all reports are about phases and about the same commit, so that one page can show them side by side.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arePhases, COMPARE_SCHEMA, evidenceHeader, PHASE_SCHEMA } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(PHASE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "phase 1", sha: "" }, target: { name: "phase 3", sha: "" }, margin: 0.05 };
 * const sides = { benchmarks: [], baselineBenchmarks: [], command: null, order: [], notes: [] };
 * const phase = { ...header, ...facts, ...sides };
 * assertEquals(arePhases([phase, phase]), true);
 * assertEquals(arePhases([phase, { ...phase, schema: COMPARE_SCHEMA }]), false);
 * ```
 */
export function arePhases(documents: readonly BenchDocument[]): boolean {
  const { sha } = documents[0]!.commit;
  return documents.every((document) => document.schema === PHASE_SCHEMA && document.commit.sha === sha);
}

/**
 * Build the page of phases of one commit: one section per benchmark, starting with phase 1, and with the claims of the
 * other phases.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evidenceHeader, PHASE_SCHEMA, phaseClaims, phasesPage } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(PHASE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "phase 1", sha: "" }, target: { name: "phase 4", sha: "" }, margin: 0.05 };
 * const about = { name: "mixed: time", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const samples = [1, 1.01, 1.02, 1.03, 1.04, 1.05];
 * const baselineBenchmarks = [{ ...about, samples: samples.map((seconds) => 3 * seconds) }];
 * const sides = { benchmarks: [{ ...about, samples }], baselineBenchmarks };
 * const claims = phaseClaims(4, { ...sides, speedup: 2, workloads: ["mixed"] });
 * const page = phasesPage([{ ...header, ...facts, ...sides, claims, command: null, order: [], notes: [] }]);
 * assertEquals([page.title, page.targets[0]!.status], ["phase 4 against phase 1", "met"]);
 * ```
 */
export function phasesPage(documents: readonly BenchDocument[]): BenchmarkReport {
  const inOrder = documents.toSorted((a, b) => a.target.name.localeCompare(b.target.name));
  const measured = inOrder.flatMap(({ benchmarks }) => benchmarks.map(({ name }) => name));
  // A claim with a requirement has no benchmark if it was not measured, but must still be shown.
  const promised = inOrder.flatMap(claimsOf).filter(({ requirement }) => requirement !== null).map(benchmarkOf);
  const names = [...new Set([...measured, ...promised])];
  const [first] = inOrder;
  return {
    ...factsOf(first!),
    title: `${inOrder.map(({ target }) => target.name).join(", ")} against ${first!.baseline.name}`,
    reservation: inOrder.map(({ reservation }) => reservation).find((one) => typeof one === "string") ?? null,
    targets: names.map((name) => targetOf(name, inOrder)),
  };
}

function targetOf(name: string, documents: readonly BenchDocument[]): ReportedTarget {
  const find = (all: readonly MeasuredBenchmark[]) => all.find((one) => one.name === name);
  const [first] = documents;
  const series: readonly ReportedSeries[] = [
    seriesOf(first!.baseline.name, find(first!.baselineBenchmarks), false),
    ...documents.map(({ target, benchmarks }) => seriesOf(target.name, find(benchmarks), true)),
  ];
  const claimed = documents.filter((document) => claimOf(document, name) !== undefined);
  // A report with a reservation, such as scaled-down work, neither meets nor misses a requirement.
  const claims = claimed.filter(({ reservation }) => typeof reservation !== "string").map((document) =>
    claimOf(document, name)!
  ).filter(({ requirement }) => requirement !== null);
  return {
    id: name,
    title: `(${documents.map(({ target }) => target.name).join(", ")})`,
    workload: "",
    samples: [],
    criteria: claimed.map((document) => criterionOf(document, name)),
    status: statusOf(claims),
    charts: [{ title: name, unit: find(documents.flatMap(bothSides))?.unit ?? "seconds", series, limits: [] }],
    notes: [
      ...documents.length === 1 ? [] : [`${first!.baseline.name} is drawn as it was beside ${first!.target.name}`],
      ...claimed.flatMap((document) => noteOf(document, name)),
    ],
  };
}

/** Combine the verdicts of claims with a requirement. Without such claims, there is no requirement to miss. */
function statusOf(claims: readonly PhaseClaim[]): TargetStatus {
  const open = claims.filter(({ verdict }) => verdict === "inconclusive");
  if (claims.length === 0) return "no verdict";
  if (claims.some(({ verdict }) => verdict === "fail")) return "missed";
  if (open.length === 0) return "met";
  return open.some(({ estimate }) => estimate === null) ? "not measured" : "not certain";
}

/** Build a criterion. Each phase was measured in one session with phase 1, so the ratios of phases are comparable. */
function criterionOf(document: BenchDocument, name: string): ReportedCriterion {
  const limit = claimOf(document, name)!.requirement ?? 1 / (1 + document.margin);
  const sides = [document.baselineBenchmarks, document.benchmarks].map((all) => all.find((one) => one.name === name));
  const what = `time of ${document.baseline.name} / that of ${document.target.name}`;
  const criterion = { what, limit, unit: "ratio", direction: "at least" } as const;
  // Runs of a side that was later given up do not count.
  if (!sides.every((side) => side !== undefined && side.problem === null && side.samples.length > 0)) {
    return { ...criterion, estimate: null, isMet: null, isCertain: false };
  }
  const estimate = hodgesLehmannRatio(sides[0]!.samples, sides[1]!.samples);
  const isCertain = estimate.low >= limit || estimate.high < limit;
  return { ...criterion, estimate, isMet: estimate.value >= limit, isCertain };
}

function noteOf(document: BenchDocument, name: string): readonly string[] {
  // Older reports have no notes.
  const { note = "" } = claimOf(document, name) as Partial<PhaseClaim>;
  return note === "" ? [] : [`${document.target.name}: ${note}`];
}

function claimOf(document: BenchDocument, name: string): PhaseClaim | undefined {
  return claimsOf(document).find((claim) => benchmarkOf(claim) === name);
}

function claimsOf(document: BenchDocument): readonly PhaseClaim[] {
  const claims = Array.isArray(document.claims) ? document.claims as readonly PhaseClaim[] : [];
  // The claim over the phase before is in the notes: its baseline is not the one that the page draws.
  return claims.filter(({ id }) => id.startsWith(PREFIX));
}

/** Beginning of the ids of claims against phase 1. */
const PREFIX = "speedup:";

/** The name of the benchmark that a claim is about. */
function benchmarkOf({ id }: PhaseClaim): string {
  return `${id.slice(PREFIX.length)}: time`;
}

function bothSides({ benchmarks, baselineBenchmarks }: BenchDocument): readonly MeasuredBenchmark[] {
  return [...benchmarks, ...baselineBenchmarks];
}
