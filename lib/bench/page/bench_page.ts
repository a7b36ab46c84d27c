import { formatShare, formatSize } from "../../base/mod.ts";
import type { BenchmarkComparison, BenchmarkVerdict } from "../compare/benchmark_comparison.ts";
import { compareBenchmarks } from "../compare/compare_benchmarks.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type { BenchmarkReport, ReportedSeries, ReportedTarget, TargetStatus } from "../../report/mod.ts";
import { medianInterval } from "../../stats/mod.ts";
import type { BenchDocument } from "../document/bench_document.ts";

/** Status in a report for each verdict. */
const STATUS: Readonly<Record<BenchmarkVerdict, TargetStatus>> = {
  regression: "missed",
  missing: "missed",
  failed: "missed",
  inconclusive: "not certain",
  new: "no verdict",
  improved: "met",
  same: "met",
};

const METHOD =
  "Ratios are the median of the quotients of all runs of both sides; the sides took turns, so what slows down the whole " +
  "machine for a while strikes both.";

/**
 * Build the page of a comparison: one section per benchmark, with all runs as dots. There is no verdict if there is a
 * reservation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { COMPARE_SCHEMA, comparisonPage, evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(COMPARE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "main", sha: "" }, target: { name: "new", sha: "" }, margin: 0.05 };
 * const about = { name: "parse", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const baselineBenchmarks = [{ ...about, samples: [1, 1.01, 1.02, 1.03] }];
 * const benchmarks = [{ ...about, samples: [2, 2.02, 2.04, 2.06] }];
 * const document = { ...header, ...facts, benchmarks, baselineBenchmarks, command: null, order: [], notes: [] };
 * assertEquals(comparisonPage(document).title, "new against main: regression");
 * ```
 */
export function comparisonPage(document: BenchDocument): BenchmarkReport {
  const { baseline, target, margin, baselineBenchmarks, benchmarks, reservation = null } = document;
  const isOpen = reservation !== null;
  const comparison = compareBenchmarks(baselineBenchmarks, benchmarks, { margin });
  const find = (all: readonly MeasuredBenchmark[], name: string) => all.find((one) => one.name === name);
  return {
    ...factsOf(document),
    title: `${target.name} against ${baseline.name}: ${isOpen ? "inconclusive" : comparison.verdict}`,
    reservation,
    targets: comparison.benchmarks.map((one): ReportedTarget => ({
      id: one.name,
      title: `(${target.name} against ${baseline.name})`,
      status: isOpen ? "no verdict" : statusOf(one),
      label: isOpen ? "no verdict" : one.verdict,
      workload: formatStatistics(one),
      criteria: one.ratio === null ? [] : [{
        what: "target / baseline",
        unit: "ratio",
        direction: "at most",
        limit: 1 + margin,
        estimate: one.ratio,
        isMet: STATUS[one.verdict] !== "missed",
        isCertain: one.verdict !== "inconclusive",
      }],
      charts: [{
        title: one.name,
        unit: one.unit,
        series: [
          seriesOf(`baseline ${baseline.name}`, find(baselineBenchmarks, one.name), false),
          seriesOf(`target ${target.name}`, find(benchmarks, one.name), true),
        ],
        limits: one.base === null || one.isExact
          ? []
          : [{ label: `+${formatShare(margin, { decimals: 1 })}`, value: one.base.median * (1 + margin) }],
      }],
      samples: [],
      notes: one.notes,
    })),
  };
}

/** The status of a benchmark. Without a ratio, nothing was measured that could be uncertain. */
function statusOf({ verdict, ratio }: BenchmarkComparison): TargetStatus {
  return verdict === "inconclusive" && ratio === null ? "not measured" : STATUS[verdict];
}

/**
 * Build the page of several reports: each benchmark from commit to commit, oldest first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { COMPARE_SCHEMA, evidenceHeader, historyPage } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(COMPARE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "main", sha: "" }, target: { name: "new", sha: "" }, margin: 0.05 };
 * const about = { name: "parse", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const benchmarks = [{ ...about, samples: [1, 1.01, 1.02, 1.03] }];
 * const today = { ...header, ...facts, benchmarks, baselineBenchmarks: [], command: null, order: [], notes: [] };
 * const page = historyPage([today, { ...today, startedAt: "2026-01-01T00:00:00.000Z" }]);
 * assertEquals([page.title, page.startedAt], ["Benchmarks of 2 reports", "2026-01-01T00:00:00.000Z"]);
 * ```
 */
export function historyPage(documents: readonly BenchDocument[]): BenchmarkReport {
  const inOrder = documents.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const newest = inOrder.at(-1)!;
  const names = [...new Set(inOrder.flatMap(({ benchmarks }) => benchmarks.map(({ name }) => name)))];
  return {
    ...factsOf(newest),
    title: `Benchmarks of ${inOrder.length} reports`,
    startedAt: inOrder[0]!.startedAt,
    reservation: "reports of different sessions are a history and no comparison",
    targets: names.map((name): ReportedTarget => {
      const found = inOrder.map(({ benchmarks }) => benchmarks.find((one) => one.name === name));
      const series = inOrder.map((document, index) =>
        seriesOf(
          `${document.startedAt.slice(0, 10)} ${document.commit.sha.slice(0, 9)}`,
          found[index],
          document === newest,
        )
      );
      return {
        id: name,
        title: "(over time)",
        status: "no verdict",
        label: `${series.length} reports`,
        workload: "",
        criteria: [],
        charts: [{ title: name, unit: found.find((one) => one !== undefined)!.unit, series, limits: [] }],
        samples: [],
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
  const values = one?.samples ?? [];
  const problem = one === undefined ? "not there" : one.problem;
  return { name, isOurs, values, median: values.length === 0 ? null : medianInterval(values), problem };
}

function formatStatistics({ pValue, adjustedP, floor, base, target }: BenchmarkComparison): string {
  const parts = [
    pValue === null ? null : `Mann-Whitney p = ${pValue.toPrecision(3)}, adjusted ${adjustedP!.toPrecision(3)}`,
    floor === null ? null : `equal code differs by up to ${formatShare(floor, { decimals: 1 })}`,
    (base?.outliers ?? 0) + (target?.outliers ?? 0) === 0
      ? null
      : `${base?.outliers ?? 0} and ${target?.outliers ?? 0} outliers, all kept`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

/** Collect the facts of a page: machine, commit, versions and settings. */
export function factsOf(document: BenchDocument): Omit<BenchmarkReport, "title" | "targets"> {
  const { startedAt, endedAt, commit, machine, tool, margin, baseline, target, command } = document;
  return {
    schema: "civitai-dl/benchmark",
    version: 1,
    startedAt,
    endedAt,
    reservation: null,
    method: METHOD,
    commit: commit.sha || null,
    isDirty: commit.isDirty,
    machine: {
      system: machine.kernel,
      processor: machine.cpu,
      cores: machine.cores,
      memory: formatSize(machine.memoryBytes),
    },
    versions: { "civitai-dl": tool.version, deno: tool.deno, v8: tool.v8 },
    settings: {
      baseline: baseline.sha || baseline.name,
      target: target.sha || target.name,
      threshold: margin,
      command,
    },
  };
}
