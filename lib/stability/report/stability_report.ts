import { formatCount, formatDuration, formatShare, formatSize } from "../../base/mod.ts";
import { formatQuantity, type Report, type ReportClaim } from "../../report/mod.ts";
import { type ClaimId, explainFailedClaim, type SoakClaim, type SoakEvidence } from "../../soak/mod.ts";
import { longerRunOf } from "./longer_run.ts";
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

const SIGNS = { "<": "<", ">": ">", "<=": "≤", ">=": "≥", "=": "=" } as const;

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

function describeClaim(claim: SoakClaim): ReportClaim {
  const { id, verdict, note, requirement: { op, value } } = claim;
  // A claim about one group of jobs, such as `success_rate:turbo`, has the title of the claim about all.
  const [rate, group] = id.split(":") as [ClaimId, string?];
  return {
    id,
    title: group === undefined ? TITLES[rate] : `${TITLES[rate]}: ${group}`,
    verdict,
    note: [note ?? "", adviseTrials(claim)].filter((text) => text !== "").join("; "),
    required: `${SIGNS[op]} ${formatValue(value, claim.unit)}`,
    measured: formatMeasured(claim),
  };
}

/** Say how much longer a run must be to decide about a rate that is open; leaks say so in their note. */
function adviseTrials(claim: SoakClaim): string {
  const longer = longerRunOf(claim);
  if (longer === null) return "";
  const { times, verdict } = longer;
  return times === null
    ? `not even a run 1000 times as long would ${verdict}`
    : `at this rate, a run about ${times.toFixed(1)} times as long would ${verdict}`;
}

function formatMeasured({ unit, estimate, events, trials, bound, confidence }: SoakClaim): string {
  if (estimate === null) return "nothing to judge by";
  const value = formatValue(estimate, unit);
  const side = (bound ?? 0) >= estimate ? "at most" : "at least";
  const surely = bound === null ? "" : `, ${side} ${formatValue(bound, unit)} at ${(confidence ?? 0) * 100} %`;
  if (unit === "rate") return `${value} (${events} of ${trials})${surely}`;
  if (unit === "ratio") return `${value} (${events} of ${trials} bytes)`;
  if (unit === "count") return `${value} in ${trials}`;
  return unit === "ms" || unit === "bytes" ? value : `${value}${surely} (${formatDuration(trials * 60_000)})`;
}

/** Format a value with its unit. A fraction is formatted with enough digits not to be rounded to a limit. */
function formatValue(value: number, unit: SoakClaim["unit"]): string {
  switch (unit) {
    case "rate":
      return formatShare(value);
    case "ratio":
      return `${Number(value.toFixed(4))} times`;
    case "bytes per day":
      return `${value < 0 ? "−" : ""}${formatSize(Math.abs(value))} a day`;
    case "handles per day":
    case "timers per day":
      return `${value < 0 ? "−" : ""}${Number(Math.abs(value).toFixed(1))} ${unit.split(" ")[0]} a day`;
    case "bytes":
      return formatSize(value);
    case "ms":
      return formatDuration(value);
    case "count":
      return String(value);
  }
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
    ...differences.slice(0, 3).map((text) => `Not reconciled: ${text}.`),
    ...failures.slice(0, 5).map((text) => `Failed: ${text}.`),
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

function factsOf({ commit, tool, machine, seed, settings, retainedPerAttempt, injected }: SoakEvidence) {
  const { sha, isDirty, ref } = commit;
  const { kinds: _, ...shown } = settings as Record<string, unknown>;
  return [
    ["Commit", `${sha === "" ? "unknown" : sha}${isDirty ? ", with changes" : ""}${ref === "" ? "" : `, ${ref}`}`],
    ["Program", `${tool.name} ${tool.version}, Deno ${tool.deno}, V8 ${tool.v8}`],
    [
      "Machine",
      `${machine.cpu}, ${machine.cores} processors, ${formatQuantity(machine.memoryBytes, "bytes")}, ${machine.kernel}`,
    ],
    ["Settings", Object.entries(shown).map(([name, value]) => `${name} ${value}`).join(", ")],
    ["Schedule of faults", `seed ${seed}, ${formatCount(injected.count, "job")}, ${injected.digest}`],
    ["Heap kept a download", retainedPerAttempt === null ? "unknown" : `${retainedPerAttempt.toFixed(1)} bytes`],
  ] as const;
}
