import { type Evidence, type EvidenceHeader, formatCount, formatDuration, formatSize } from "../../lib/base/mod.ts";
import { CONCURRENCY_SCHEMA, type ConcurrencyReport } from "../../lib/concurrency/mod.ts";
import type { GateRow } from "../../lib/gate/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { stabilityReport } from "../../lib/stability/mod.ts";
import { GATE_SCHEMA, type SealedGate } from "../_gate/seal_gate.ts";

/** A published report, whose seal was checked. */
export interface PublishedReport {
  /** Name of the file. */
  readonly name: string;
  readonly evidence: Evidence;
}

/**
 * Draw what the published reports say: when and where they were made, the newest gate's verdict on every condition, every
 * claim of the longest stability run, and the runs side by side. A kind of report that is missing has no tables.
 *
 * @param reports The reports, in the order of the first table
 * @returns Markdown without empty lines at its ends
 */
export function renderMeasured(reports: readonly PublishedReport[]): string {
  if (reports.length === 0) return "## What was measured\n\nNo report was published.";
  const [gate] = sortReports<SealedGate>(reports, GATE_SCHEMA, ({ endedAt }) => Date.parse(endedAt));
  const [stability] = sortReports<SoakEvidence>(reports, "civitai-dl/stability", ({ actualMs }) => actualMs);
  const [concurrency] = sortReports<ConcurrencyReport>(
    reports,
    CONCURRENCY_SCHEMA,
    ({ endedAt }) => Date.parse(endedAt),
  );
  return [
    "## What was measured",
    renderMarkdownTable(["Report", "Measured (UTC)", "Took", "Commit", "Verdict"], reports.map(rowOfReport)),
    ...describeMachines(reports),
    ...gate === undefined ? [] : drawGate(gate),
    ...stability === undefined ? [] : drawStability(stability),
    ...concurrency === undefined ? [] : drawConcurrency(concurrency),
  ].join("\n\n");
}

/** Sort the reports of a kind, the largest first. A sealed report has the form that its schema says. */
function sortReports<T extends EvidenceHeader>(
  reports: readonly PublishedReport[],
  schema: string,
  sizeOf: (report: EvidenceHeader) => number,
): readonly T[] {
  const own = reports.map(({ evidence }) => evidence).filter((evidence) => evidence.schema === schema);
  return own.toSorted((a, b) => sizeOf(b) - sizeOf(a)) as readonly EvidenceHeader[] as readonly T[];
}

function rowOfReport({ name, evidence }: PublishedReport): readonly string[] {
  const { startedAt, actualMs, commit, verdict } = evidence;
  const started = `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)}`;
  return [`\`${name}\``, started, formatDuration(roundLength(actualMs)), formatCommit(commit), String(verdict)];
}

/** Round a length to minutes, or up to seconds if it is shorter. */
function roundLength(ms: number): number {
  return ms < 60_000 ? Math.ceil(ms / 1000) * 1000 : Math.round(ms / 60_000) * 60_000;
}

function formatCommit({ sha, isDirty }: Evidence["commit"]): string {
  return `\`${sha.slice(0, 7)}\`${isDirty ? ", with changes" : ""}`;
}

/** Describe the machine; if there are several, with the reports that each has made. */
function describeMachines(reports: readonly PublishedReport[]): readonly string[] {
  const machines = Map.groupBy(reports, ({ evidence }) => describeMachine(evidence));
  return [...machines].map(([machine, own]) => {
    const names = own.map(({ name }) => `\`${name}\``).join(", ");
    return machines.size === 1 ? `Machine: ${machine}` : `Machine of ${names}: ${machine}`;
  });
}

function describeMachine({ machine, tool }: Evidence): string {
  const { cpu, cores, memoryBytes, kernel } = machine;
  const [release = kernel] = /^\S+ \d+\.\d+/.exec(kernel) ?? [];
  const memory = formatSize(memoryBytes);
  return `${cpu}, ${formatCount(cores, "processor")}, ${memory} of memory, ${release}; Deno ${tool.deno}.`;
}

/** The verdicts on the phases and on each condition that was judged. */
function drawGate({ rows }: SealedGate): readonly string[] {
  const judged = rows.filter(({ level }) => level !== "off");
  const phases = [...new Set(judged.map(({ phase }) => phase))];
  const open = judged.filter(({ verdict }) => verdict === "not evaluated").map(({ id }) => `\`${id}\``);
  const known = judged.filter(({ verdict }) => verdict !== "not evaluated");
  return [
    "## The gate",
    "A phase has its own conditions and those of the phases before it.",
    renderMarkdownTable(
      ["Phase", "Verdict", "Pass", "Fail", "Inconclusive", "Not evaluated"],
      phases.map((phase, index) => rowOfPhase(phase, judged.filter((row) => phases.indexOf(row.phase) <= index))),
      "-::::",
    ),
    renderMarkdownTable(
      ["Condition", "Required", "Measured", "Verdict"],
      known.map(({ id, required, measured, verdict }) => [`\`${id}\``, required, measured, verdict]),
    ),
    ...open.length === 0 ? [] : [`Not evaluated: ${open.join(", ")}.`],
  ];
}

function rowOfPhase(phase: string, rows: readonly GateRow[]): readonly string[] {
  const count = (verdict: GateRow["verdict"]): string => String(rows.filter((row) => row.verdict === verdict).length);
  const effects = rows.map(({ countsAs }) => countsAs);
  const verdict = effects.includes("fail") ? "fail" : effects.includes("inconclusive") ? "inconclusive" : "pass";
  return [phase, verdict, count("pass"), count("fail"), count("inconclusive"), count("not evaluated")];
}

function drawStability(evidence: SoakEvidence): readonly string[] {
  const { totals: { ops, attempts, faults } } = evidence;
  const { claims } = stabilityReport(evidence);
  return [
    "## Stability",
    groupDigits(`${ops} jobs, ${attempts} downloads and ${faults} faults. Bounds are one-sided.`),
    renderMarkdownTable(
      ["Claim", "Required", "Measured", "Verdict"],
      claims.map(({ id, required, measured, verdict }) => [`\`${id}\``, required, measured, verdict]),
    ),
  ];
}

function drawConcurrency({ runs }: ConcurrencyReport): readonly string[] {
  return [
    "## Downloads side by side",
    "The same files with the same faults, in a new library each time. An error is a file that fails, differs, is fetched " +
    "twice or exceeds a limit, although a single worker fetches it correctly.",
    renderMarkdownTable(
      ["Run", "Files", "Failed", "Errors", "Most at once", "Requests", "Time"],
      runs.map(({ name, files, failed, errors, peak, requests, seconds }) =>
        [name, files, failed, errors, peak, requests, `${Math.round(seconds)} s`].map(String)
      ),
      "::::::",
    ),
  ];
}

/** Render a table. `alignments` has a colon for each column after the first that holds numbers. */
function renderMarkdownTable(heads: readonly string[], rows: readonly (readonly string[])[], alignments = ""): string {
  const rule = heads.map((_, index) => alignments[index - 1] === ":" ? "---:" : "---");
  return [heads, rule, ...rows].map((cells) => `| ${cells.map(groupDigits).join(" | ")} |`).join("\n");
}

/** Write whole numbers of five digits and more in groups of three, except in code. */
function groupDigits(text: string): string {
  return text.replaceAll(
    /`[^`]*`|(?<![\w.])\d{5,}(?!\w)/g,
    (found) => found.startsWith("`") ? found : found.replaceAll(/\B(?=(?:\d{3})+$)/g, " "),
  );
}
