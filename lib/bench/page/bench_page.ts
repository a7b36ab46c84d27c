import { type EvidenceHeader, formatShare, formatSize } from "../../base/mod.ts";
import { claimRow, type Report, type ReportedSeries, type ReportSection } from "../../report/mod.ts";
import { median } from "../../stats/mod.ts";
import {
  type BenchmarkComparison,
  compareBenchmarks,
  namesOf,
  slowdownId,
  withoutVerdict,
} from "../compare/compare_benchmarks.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type { BenchDocument } from "../document/bench_document.ts";

/** How the pages of this room show ratios. */
const EXPLANATION =
  "Each dot is one run, the line across its row is the median, the band its interval. Ratios are the median of the " +
  "quotients of all runs of both sides; the sides took turns, so what slows down the whole machine for a while strikes " +
  "both. What the runs do not prove is inconclusive.";

/** Judge the two sides of a report; nothing is decided if it has a reservation. */
export function judgeComparison(document: BenchDocument): BenchmarkComparison {
  const { baselineBenchmarks, benchmarks, margin, reservation = null } = document;
  const comparison = compareBenchmarks(baselineBenchmarks, benchmarks, { margin });
  return reservation === null ? comparison : withoutVerdict(comparison);
}

/**
 * Build the page of a comparison: one section per benchmark, with all runs as dots.
 *
 * @param document The two sides
 * @param comparison Their claims
 */
export function comparisonPage(
  document: BenchDocument,
  comparison: BenchmarkComparison = judgeComparison(document),
): Report {
  const { baseline, target, margin, baselineBenchmarks, benchmarks } = document;
  const sections = namesOf(baselineBenchmarks, benchmarks).map((name): ReportSection => {
    const find = (all: readonly MeasuredBenchmark[]) => all.find((one) => one.name === name);
    const before = find(baselineBenchmarks);
    const after = find(benchmarks);
    const claim = comparison.claims.find(({ id }) => id === slowdownId(name));
    const { unit, isExact, samples } = (before ?? after)!;
    return {
      title: name,
      ...claim === undefined ? { verdict: "not evaluated", label: "new" } : { verdict: claim.verdict },
      lead: "",
      claims: claim === undefined ? [] : [claimRow(claim)],
      distributions: [{
        title: name,
        unit,
        series: [
          seriesOf(`baseline ${baseline.name}`, before, false),
          seriesOf(`target ${target.name}`, after, true),
        ],
        limits: before === undefined || samples.length === 0 || isExact
          ? []
          : [{ label: `+${formatShare(margin, { decimals: 1 })}`, value: median(samples) * (1 + margin) }],
      }],
      notes: [],
    };
  });
  return {
    ...pageOf(document),
    title: `${target.name} against ${baseline.name}`,
    verdict: comparison.verdict,
    sections,
  };
}

/** Build the page of several reports: each benchmark from commit to commit, oldest first. */
export function historyPage(documents: readonly BenchDocument[]): Report {
  const inOrder = documents.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const newest = inOrder.at(-1)!;
  const { notes: _, ...page } = pageOf(newest);
  return {
    ...page,
    title: `Benchmarks of ${inOrder.length} reports`,
    notes: ["No verdict: reports of different sessions are a history and no comparison."],
    sections: namesOf(...inOrder.map(({ benchmarks }) => benchmarks)).map((name): ReportSection => {
      const found = inOrder.map(({ benchmarks }) => benchmarks.find((one) => one.name === name));
      const series = inOrder.map(({ startedAt, commit }, index) =>
        seriesOf(`${startedAt.slice(0, 10)} ${commit.sha.slice(0, 9)}`, found[index], index === inOrder.length - 1)
      );
      const { unit } = found.find((one) => one !== undefined)!;
      return {
        title: `${name} over time`,
        verdict: "not evaluated",
        label: `${series.length} reports`,
        lead: "",
        claims: [],
        distributions: [{ title: name, unit, series, limits: [] }],
        notes: [],
      };
    }),
  };
}

/**
 * Build the series of one side of a benchmark, with all its runs. The series is empty if the side does not have the
 * benchmark.
 */
export function seriesOf(name: string, one: MeasuredBenchmark | undefined, isOurs: boolean): ReportedSeries {
  return { name, isOurs, values: one?.samples ?? [], problem: one === undefined ? "not there" : one.problem };
}

/** The parts of a page that all reports have. */
export function pageOf(document: BenchDocument): Omit<Report, "title"> {
  const { startedAt, commit, margin, baseline, target, command, notes } = document;
  return {
    lead: `${startedAt.slice(0, 10)} · commit ${commit.sha.slice(0, 12)}${commit.isDirty ? " with changes" : ""}`,
    notes,
    claims: [],
    charts: [],
    tables: [],
    facts: benchmarkFacts(document, {
      baseline: baseline.sha || baseline.name,
      target: target.sha || target.name,
      threshold: margin,
      ...command === null ? {} : { command },
    }),
    explanation: EXPLANATION,
  };
}

/** The facts of a benchmark: date, commit, machine, versions and settings. */
export function benchmarkFacts(
  { startedAt, endedAt, commit, machine, tool }: EvidenceHeader,
  settings: Readonly<Record<string, unknown>>,
  versions: Readonly<Record<string, string>> = {},
): Report["facts"] {
  const formatFacts = (facts: Readonly<Record<string, unknown>>) =>
    Object.entries(facts).map(([name, fact]) => `${name} ${fact}`).join(", ");
  const { cpu, cores, memoryBytes, kernel } = machine;
  return [
    ["Date", `${startedAt} to ${endedAt}`],
    ["Commit", `${commit.sha === "" ? "unknown" : commit.sha}${commit.isDirty ? ", with changes" : ""}`],
    ["Machine", formatFacts({ system: kernel, processor: cpu, cores, memory: formatSize(memoryBytes) })],
    ["Settings", formatFacts(settings)],
    ["Versions", formatFacts({ "civitai-dl": tool.version, deno: tool.deno, v8: tool.v8, ...versions })],
  ];
}
