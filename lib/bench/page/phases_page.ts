import { verdictOf } from "../../judge/mod.ts";
import { claimRow, type Report, type ReportedSeries, type ReportSection } from "../../report/mod.ts";
import { namesOf } from "../compare/compare_benchmarks.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import { type BenchDocument, PHASE_SCHEMA } from "../document/bench_document.ts";
import { judgePhaseReport, type PhaseClaim } from "../phase/phase_claims.ts";
import { pageOf, seriesOf } from "./bench_page.ts";

/** Whether all reports are about phases and about the same commit, so that one page can show them side by side. */
export function arePhases(documents: readonly BenchDocument[]): boolean {
  const { sha } = documents[0]!.commit;
  return documents.every((document) => document.schema === PHASE_SCHEMA && document.commit.sha === sha);
}

/**
 * Build the page of phases of one commit: one section per benchmark, starting with phase 1, and with the claims of the
 * other phases.
 */
export function phasesPage(documents: readonly BenchDocument[]): Report {
  const inOrder = documents.toSorted((a, b) => a.target.name.localeCompare(b.target.name));
  const [first] = inOrder;
  const claims = inOrder.flatMap(judgePhaseReport);
  // What is required has no benchmark if it was not measured, but must still be shown.
  const names = new Set([
    ...namesOf(...inOrder.map(({ benchmarks }) => benchmarks)),
    ...claims.map(({ benchmark }) => benchmark),
  ]);
  return {
    ...pageOf(first!),
    title: `${inOrder.map(({ target }) => target.name).join(", ")} against ${first!.baseline.name}`,
    notes: inOrder.flatMap(({ notes }) => notes),
    sections: Array.from(names, (name) => sectionOf(name, inOrder, claims)),
  };
}

function sectionOf(name: string, documents: readonly BenchDocument[], all: readonly PhaseClaim[]): ReportSection {
  const find = (benchmarks: readonly MeasuredBenchmark[]) => benchmarks.find((one) => one.name === name);
  const [first] = documents;
  const claims = all.filter(({ benchmark }) => benchmark === name).map(({ claim }) => claim);
  const series: readonly ReportedSeries[] = [
    seriesOf(first!.baseline.name, find(first!.baselineBenchmarks), false),
    ...documents.map(({ target, benchmarks }) => seriesOf(target.name, find(benchmarks), true)),
  ];
  const unit = find(documents.flatMap(({ benchmarks, baselineBenchmarks }) => [...benchmarks, ...baselineBenchmarks]))
    ?.unit ?? "seconds";
  return {
    title: name,
    ...claims.length === 0 ? { verdict: "not evaluated", label: "no verdict" } : { verdict: verdictOf(claims) },
    lead: "",
    claims: claims.map((claim) => claimRow(claim)),
    distributions: [{ title: name, unit, series, limits: [] }],
    notes: documents.length === 1 ? [] : [`${first!.baseline.name} is drawn as it was beside ${first!.target.name}`],
  };
}
