import { type Evidence, type EvidenceHeader, KitError } from "../../base/mod.ts";
import { type BenchDocument, COMPARE_SCHEMA, PHASE_SCHEMA } from "./bench_document.ts";

type BenchReport = Evidence & BenchDocument;

/**
 * Join two headers: program, machine and commit are those of the candidate, and the times are those of the older
 * report.
 */
export function joinHeaders(baseline: BenchReport, target: BenchReport): EvidenceHeader {
  const [older] = [baseline, target].toSorted((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
  const { startedAt, endedAt, actualMs } = older!;
  const { tool, machine, commit } = target;
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
  return {
    schema: COMPARE_SCHEMA,
    version: 1,
    tool,
    machine,
    seed: null,
    plannedMs: 0,
    commit: { ...commit, isDirty: baseline.commit.isDirty || commit.isDirty },
    startedAt: tookMs === 0 ? endedAt : startedAt,
    endedAt,
    actualMs: Math.min(actualMs, tookMs),
  };
}

/** Join the reservations of two reports; return `null` if there are none. */
export function joinReservations(baseline: BenchReport, target: BenchReport): string | null {
  const all = [baseline, target].flatMap(({ reservation }) => reservation ?? []);
  return all.length === 0 ? null : [...new Set(all)].join("; ");
}

/** Explain why two reports are not about the same work; return `null` if they are. */
export function explainMismatch(baseline: BenchReport, target: BenchReport): string | null {
  if (baseline.schema !== target.schema) return `one is ${baseline.schema}, and the other ${target.schema}`;
  if (baseline.command !== target.command) {
    return `different things were measured: ${describeCommand(baseline)} and ${describeCommand(target)}`;
  }
  const baselineName = baseline.target.name;
  const targetName = target.target.name;
  return baseline.schema === PHASE_SCHEMA && baselineName !== targetName
    ? `different things were measured: ${baselineName} and ${targetName}`
    : null;
}

function describeCommand({ command }: BenchReport): string {
  return command === null ? "the bench files" : `"${command}"`;
}

/** Tolerated difference between the clocks of two machines, in milliseconds. */
const CLOCK_SLACK_MS = 300_000;

/**
 * Refuse a report with impossible times. The joined header would hide them, because it contains only the times of the
 * older report.
 */
export function refuseTimes(path: string, { startedAt, endedAt }: BenchReport): void {
  const start = Date.parse(startedAt);
  const end = Date.parse(endedAt);
  const reason = end > Date.now() + CLOCK_SLACK_MS
    ? `it ended at ${endedAt}, which is in the future`
    : end < start
    ? "it ended before it began: the clock was changed during the run"
    : null;
  if (reason === null) return;
  throw new KitError("inconclusive", `Cannot compare "${path}": ${reason}`, { hint: "Measure it again" });
}
