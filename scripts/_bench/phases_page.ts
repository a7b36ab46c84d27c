import type { MeasuredBenchmark } from "../../lib/bench/mod.ts";
import type {
  BenchmarkReport,
  ReportedCriterion,
  ReportedSeries,
  ReportedTarget,
  TargetStatus,
} from "../../lib/report/mod.ts";
import { hodgesLehmannRatio } from "../../lib/stats/mod.ts";
import { type BenchDocument, PHASE_SCHEMA } from "./bench_document.ts";
import { factsOf, seriesOf } from "./bench_page.ts";
import type { PhaseClaim } from "./phase_claims.ts";

/** Whether the reports are of phases, and all of one commit, so that they can stand beside each other. */
export function arePhases(documents: readonly BenchDocument[]): boolean {
  const { sha } = documents[0]!.commit;
  return documents.every((document) => document.schema === PHASE_SCHEMA && document.commit.sha === sha);
}

/** Phases of one commit as a page: one section a benchmark, phase 1 and then the others, and what was promised of them. */
export function phasesPage(documents: readonly BenchDocument[]): BenchmarkReport {
  const inOrder = documents.toSorted((a, b) => a.target.name.localeCompare(b.target.name));
  const names = [...new Set(inOrder.flatMap(({ benchmarks }) => benchmarks.map(({ name }) => name)))];
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
  // A look that was scaled down neither keeps nor misses what was promised.
  const verdicts = claimed.filter(({ reservation }) => typeof reservation !== "string").map((document) =>
    claimOf(document, name)!
  )
    .filter(({ requirement }) => requirement !== null).map(({ verdict }) => verdict);
  return {
    ...{ id: name, title: `(${documents.map(({ target }) => target.name).join(", ")})`, workload: "", samples: [] },
    criteria: claimed.map((document) => criterionOf(document, name)),
    status: statusOf(verdicts),
    charts: [{ title: name, unit: find(documents.flatMap(({ benchmarks }) => benchmarks))!.unit, series, limits: [] }],
    notes: documents.length === 1 ? [] : [`${first!.baseline.name} is drawn as it was beside ${first!.target.name}`],
  };
}

/** Only what was promised can be missed. */
function statusOf(verdicts: readonly PhaseClaim["verdict"][]): TargetStatus {
  if (verdicts.length === 0) return "looked at";
  if (verdicts.includes("fail")) return "missed";
  return verdicts.includes("inconclusive") ? "not measured" : "met";
}

/** Each phase was measured in a session of its own, against phase 1 in the same: these ratios can be compared. */
function criterionOf(document: BenchDocument, name: string): ReportedCriterion {
  const limit = claimOf(document, name)!.requirement ?? 1 / (1 + document.margin);
  const find = (all: readonly MeasuredBenchmark[]) => all.find((one) => one.name === name)?.samples ?? [];
  const estimate = hodgesLehmannRatio(find(document.baselineBenchmarks), find(document.benchmarks));
  return {
    ...{ what: `time of ${document.baseline.name} / that of ${document.target.name}`, unit: "ratio" },
    ...{ direction: "at least", limit, estimate, isMet: estimate.value >= limit },
    isCertain: estimate.low >= limit || estimate.high < limit,
  };
}

function claimOf(document: BenchDocument, name: string): PhaseClaim | undefined {
  const claims = Array.isArray(document.claims) ? document.claims as readonly PhaseClaim[] : [];
  return claims.find(({ id }) => `${id.slice("speedup:".length)}: time` === name);
}
