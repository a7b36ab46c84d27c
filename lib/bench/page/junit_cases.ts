import type { BenchmarkReport, JunitCase, ReportedCriterion, ReportedTarget, TargetStatus } from "../../report/mod.ts";

/**
 * Outcome in JUnit for each status. A benchmark without a verdict is reported as skipped, regardless of its numbers.
 */
const OUTCOME: Readonly<Record<TargetStatus, JunitCase["outcome"]>> = {
  met: "pass",
  missed: "failure",
  "not certain": "error",
  "not measured": "error",
  "no verdict": "skipped",
};

/**
 * Convert the benchmarks of a page to JUnit cases, with the outcomes of the page.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { COMPARE_SCHEMA, comparisonPage, evidenceHeader, junitCases } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(COMPARE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "main", sha: "" }, target: { name: "new", sha: "" }, margin: 0.05 };
 * const about = { name: "requests", unit: "count", isExact: true, again: [], problem: null } as const;
 * const sides = { baselineBenchmarks: [{ ...about, samples: [7, 7] }], benchmarks: [{ ...about, samples: [8, 8] }] };
 * const page = comparisonPage({ ...header, ...facts, ...sides, command: null, order: [], notes: [] });
 * assertEquals(junitCases(page).map(({ name, outcome }) => [name, outcome]), [["requests", "failure"]]);
 * ```
 */
export function junitCases(page: BenchmarkReport): readonly JunitCase[] {
  return page.targets.map((target) => ({
    name: target.id,
    group: "benchmark",
    seconds: 0,
    outcome: OUTCOME[target.status],
    message: formatMessage(target),
    details: target.notes.join("\n"),
  }));
}

function formatMessage({ status, label = status, criteria }: ReportedTarget): string {
  const texts = criteria.map(formatCriterion).filter((text) => text !== "");
  return texts.length === 0 ? label : `${label}: ${texts.join("; ")}`;
}

function formatCriterion({ what, direction, limit, estimate }: ReportedCriterion): string {
  if (estimate === null) return "";
  const { value, low, high, n } = estimate;
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}, n=${n}`;
  return `${what} is ${value.toFixed(3)} (${interval}), ${direction} ${Number(limit.toFixed(3))} is wanted`;
}
