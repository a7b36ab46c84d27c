import { formatCount, formatDuration } from "../../base/mod.ts";
import type { Claim } from "../../judge/mod.ts";
import { claimRow, formatQuantity, type Report, type ReportClaim } from "../../report/mod.ts";
import { type ClaimId, explainFailedClaim, type SoakEvidence, subjectOfClaim } from "../../soak/mod.ts";
import { explainPace } from "./explain_pace.ts";
import { describeDeadlock } from "../describe_deadlock.ts";
import { stabilityCharts } from "./stability_charts.ts";

const TITLES: Readonly<Record<ClaimId, string>> = {
  "timeout_rate": "Downloads that failed by a timeout",
  "late_cut_rate": "Silences and slow connections that were cut too late, or never",
  "success_rate": "Downloads that ended well",
  "recovery_rate": "Jobs hit by a fault that ended well without help",
  "concurrency_error_rate": "Downloads that got into each other's way",
  "completeness": "Items that are missing without a failure",
  "wire_bytes": "Bytes on the wire for each wanted byte",
  "deadlocks": "Jobs that stood still",
  "restarts": "Times the program was lost and started again",
  "integrity": "Files with a wrong byte",
  "reconciliation_requests": "Requests that only one side counted",
  "reconciliation_bytes": "Bytes that only one side counted",
  "leak_heap": "Heap after garbage was collected",
  "leak_external": "Memory outside of the heap",
  "leak_handles": "Open files and sockets",
  "leak_timers": "Pending timers",
  "memory_cap": "Most resident memory",
  "duration": "Time that it worked",
};

const EXPLANATION =
  "A rate passes only if its exact one-sided 95 % bound keeps the limit, and fails only if the bound on the other side " +
  "exceeds it; otherwise it is “inconclusive”. Latencies are measured from the time at which a job was due.";

/** Convert the evidence of a run to a report with claims, tables and charts. */
export function stabilityReport(evidence: SoakEvidence): Report {
  const { verdict, totals, actualMs, plannedMs, startedAt, endedAt } = evidence;
  const jobs = [
    formatCount(totals.ops, "job"),
    formatCount(totals.attempts, "download"),
    formatCount(totals.faults, "fault"),
  ].join(", ");
  return {
    title: "Stability",
    verdict,
    lead: `${formatDuration(actualMs)} of ${formatDuration(plannedMs)}, ${startedAt} to ${endedAt}: ${jobs}`,
    notes: notesOf(evidence),
    claims: evidence.claims.map(describeClaim),
    charts: stabilityCharts(evidence),
    tables: tablesOf(evidence),
    facts: factsOf(evidence),
    explanation: EXPLANATION,
  };
}

function describeClaim(claim: Claim): ReportClaim {
  const subject = subjectOfClaim(claim.id);
  if (subject === null) return claimRow(claim, claim.id);
  // A claim about one group of jobs has the title of the claim about all.
  const title = TITLES[subject.id];
  return claimRow(claim, subject.group === null ? title : `${title}: ${subject.group}`);
}

function notesOf(evidence: SoakEvidence): string[] {
  const { end, notes, gaps, restarts, deadlocks, failures, differences, unwritten, sittings } = evidence;
  const pace = explainPace(evidence);
  const pausedMs = gaps.reduce((sum, { kind, lengthMs }) => sum + (kind === "clock" ? 0 : lengthMs), 0);
  return [
    ...end.type === "claim" ? [`Ended at once, because ${end.claim} failed.`] : [],
    ...end.type === "signal" ? [`${end.reason}.`] : [],
    ...end.type === "running" ? ["The run was still going on when this was written."] : [],
    ...notes.map((note) => `${note}.`),
    ...pace === null ? [] : [`${pace}.`],
    ...gaps.length > 0
      ? [`${gaps.length} gaps on record, ${formatDuration(pausedMs)} in ${sittings.length} sittings do not count.`]
      : [],
    ...restarts > 0 ? [`The program was lost and started again ${restarts} times.`] : [],
    ...deadlocks.slice(0, 3).map((deadlock) =>
      `${describeDeadlock(deadlock)}: ${deadlock.jobs.find(({ id }) => id === deadlock.id)?.state ?? ""}.`
    ),
    ...differences.slice(0, 3).map(({ text }) => `Not reconciled: ${text}.`),
    ...failures.slice(0, 5).map(({ text }) => `Failed: ${text}.`),
    ...evidence.claims.filter(({ verdict }) => verdict === "fail").flatMap(({ id }) => {
      const { command } = explainFailedClaim({ ...evidence }, id);
      return command === null ? [] : [`Repeat ${id} from its seed: ${command}`];
    }),
    ...unwritten.count > 0 ? [`${unwritten.count} intervals could not be written: ${unwritten.reason}.`] : [],
  ];
}

const MAX_ROWS = 100;

function tablesOf({ rows, omittedRows, slowest, errorsByClass }: SoakEvidence): Report["tables"] {
  const show = (value: number | null, unit: "bytes" | "count") => value === null ? "–" : formatQuantity(value, unit);
  const left = omittedRows + Math.max(0, rows.length - MAX_ROWS);
  return [
    {
      title: left === 0 ? "Intervals" : `Intervals, the newest ${MAX_ROWS} of ${rows.length + omittedRows}`,
      heads: [
        "At",
        "Jobs",
        "Failed",
        "Faults",
        "Recovered",
        "Retries",
        "Bytes",
        "p50",
        "p99",
        "Heap",
        "Handles",
        "Mode",
      ],
      rows: rows.slice(-MAX_ROWS).map((row) => [
        ...[formatDuration(row.startMs + row.lengthMs), String(row.ops), String(row.failed), String(row.faults)],
        ...[`${row.recovered} of ${row.recovered + row.unrecovered}`, String(row.retries), show(row.bytes, "bytes")],
        ...[row.p50Ms, row.p99Ms].map((ms) => ms === null ? "–" : `${Math.round(ms)} ms`),
        ...[show(row.heapUsed, "bytes"), show(row.handles, "count"), row.mode ?? "–"],
      ]),
    },
    {
      title: "Slowest jobs",
      heads: ["Job", "Took"],
      rows: slowest.map(({ id, ms }) => [id, formatDuration(ms)]),
    },
    ...Object.keys(errorsByClass).length === 0 ? [] : [{
      title: "Failures by class",
      heads: ["Class", "How often"],
      rows: Object.entries(errorsByClass).map(([name, count]) => [name, String(count)]),
    }],
  ];
}

function factsOf({ commit, tool, machine, seed, settings }: SoakEvidence) {
  const { sha, isDirty, ref } = commit;
  return [
    ["Commit", `${sha === "" ? "unknown" : sha}${isDirty ? ", with changes" : ""}${ref === "" ? "" : `, ${ref}`}`],
    ["Program", `${tool.name} ${tool.version}, Deno ${tool.deno}, V8 ${tool.v8}`],
    [
      "Machine",
      `${machine.cpu}, ${machine.cores} processors, ${formatQuantity(machine.memoryBytes, "bytes")}, ${machine.kernel}`,
    ],
    ["Settings", Object.entries(settings).map(([name, value]) => `${name} ${value}`).join(", ")],
    ["Seed", String(seed)],
  ] as const;
}
