import { formatConfidence, formatEstimate, formatInterval, formatLimit } from "./_format_estimate.ts";
import type { BenchmarkReport, ReportedCriterion, ReportedTarget, TargetStatus } from "./benchmark_report.ts";
import type { Report, ReportClaim, ReportSection, ReportVerdict } from "./report.ts";

const VERDICTS: Readonly<Record<TargetStatus, ReportVerdict>> = {
  "met": "pass",
  "missed": "fail",
  "not certain": "inconclusive",
  "no verdict": "not evaluated",
  "not measured": "not evaluated",
};
const ROUND_BY_ROUND =
  "Ratios compare runs of the same round, so a temporary slowdown of the whole machine cancels out.";

/**
 * Convert a benchmark to a report for all output formats: a section for each target.
 *
 * @param benchmark The benchmark
 * @returns The report
 */
export function benchmarkPage(benchmark: BenchmarkReport): Report {
  const { title, reservation, targets, startedAt, method = ROUND_BY_ROUND } = benchmark;
  return {
    title,
    lead: `${formatTally(targets)} · ${startedAt.slice(0, 10)}${describeCommit(benchmark)}`,
    notes: reservation === null ? [] : [`No verdict: ${reservation}.`],
    claims: [],
    charts: [],
    tables: [],
    targets,
    sections: targets.map(sectionOf),
    facts: factsOf(benchmark),
    explanation:
      `Each dot is one run, the line across its row is the median, the band its interval. ${method} Each interval is ` +
      "shown with its confidence; a small number of runs limits it. Limits that the estimate keeps but the whole " +
      "interval does not are marked “not certain”.",
  };
}

function sectionOf(target: ReportedTarget): ReportSection {
  const { id, title, status, label = status, workload, criteria, charts, notes } = target;
  return {
    title: `${id} ${title}`,
    verdict: VERDICTS[status],
    label,
    lead: workload,
    claims: criteria.map((criterion) => claimOf(criterion, status)),
    distributions: charts,
    notes,
  };
}

function claimOf(criterion: ReportedCriterion, status: TargetStatus): ReportClaim {
  const { what, estimate, unit } = criterion;
  const interval = estimate === null || estimate.confidence === 0
    ? ""
    : ` (${formatInterval(estimate, unit)} at ${formatConfidence(estimate)}, n=${estimate.n})`;
  return {
    id: what,
    title: "",
    required: formatLimit(criterion),
    measured: `${formatEstimate(estimate, unit)}${interval}`,
    note: "",
    ...verdictOf(criterion, status),
  };
}

/** The verdict on a criterion. If its target has none, whether the limit is kept is said in parentheses. */
function verdictOf(
  { isMet, isCertain }: ReportedCriterion,
  status: TargetStatus,
): Pick<ReportClaim, "verdict" | "label"> {
  if (isMet === null) return { verdict: "not evaluated", label: "not measured" };
  const word = isMet ? "met" : "missed";
  if (status === "no verdict") return { verdict: "not evaluated", label: `(${word})` };
  return isCertain ? { verdict: VERDICTS[word], label: word } : {
    verdict: "inconclusive",
    label: `${word}, not certain`,
  };
}

/** Count the targets by status, such as `3 met, 1 missed`. */
function formatTally(targets: readonly ReportedTarget[]): string {
  const counts = Map.groupBy(targets, (target) => target.status);
  const statuses = Object.keys(VERDICTS) as TargetStatus[];
  const parts = statuses.filter((status) => counts.has(status))
    .map((status) => `${counts.get(status)!.length} ${status}`);
  return parts.length === 0 ? "no targets" : parts.join(", ");
}

function describeCommit({ commit, isDirty }: BenchmarkReport): string {
  return commit === null ? "" : ` · commit ${commit.slice(0, 12)}${isDirty ? " with changes" : ""}`;
}

function factsOf(benchmark: BenchmarkReport): Report["facts"] {
  const { commit, isDirty, startedAt, endedAt, machine, versions, settings } = benchmark;
  const formatFacts = (facts: Readonly<Record<string, unknown>>) =>
    Object.entries(facts).filter(([, fact]) => fact !== null).map(([name, fact]) => `${name} ${fact}`).join(", ");
  return [
    ["Date", `${startedAt} to ${endedAt}`],
    ["Commit", commit === null ? "unknown" : `${commit}${isDirty ? ", with changes" : ""}`],
    ["Machine", formatFacts(machine)],
    ["Settings", formatFacts(settings)],
    ["Versions", formatFacts(versions)],
  ];
}
