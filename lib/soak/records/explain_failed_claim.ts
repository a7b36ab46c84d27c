import { type Evidence, formatDuration, isRecord } from "../../base/mod.ts";
import type { SoakFailureKind } from "../facts/soak_work.ts";
import { subjectOfClaim } from "../judges/claim_id.ts";

/** What the report of a run knows about a failed claim. */
export interface FailedClaim {
  /** Files, jobs and what they were doing, with stacks of bugs: one text for each failure that the report has. */
  readonly failures: readonly string[];
  /**
   * The command that repeats the run from its seed until the claim fails: the same jobs at the same times with the same
   * faults, for as long as the failed jobs take, unless the report itself names a command; `null` if the report lacks
   * settings.
   */
  readonly command: string | null;
}

/** Time after the last failed job fell due, in which it ends. */
const AFTER_MS = 120_000;

/**
 * Say what the report of `stability` or `concurrency-test` knows about a failed claim. Of a claim about one group of jobs,
 * such as `success_rate:turbo`, it knows what it knows of all.
 *
 * @param evidence The report, whose fields may be of any form
 * @param claim The claim, of all jobs or of a group
 */
export function explainFailedClaim(
  evidence: Pick<Evidence, "seed" | "plannedMs"> & Readonly<Record<string, unknown>>,
  claim: string,
): FailedClaim {
  const id = subjectOfClaim(claim)?.id ?? claim;
  const failures = failuresOf(evidence, id);
  return { failures: failures.map(({ text }) => text), command: commandOf(evidence, id, failures) };
}

/** A failure, as a report has it. */
interface ReportedFailure {
  /** Absent in differences and deadlocks. */
  readonly kind?: string | undefined;
  /** Absent in a run without a schedule. */
  readonly jobIndex?: number | undefined;
  readonly text: string;
}

function failuresOf(evidence: Readonly<Record<string, unknown>>, claim: string): readonly ReportedFailure[] {
  const listOf = (...kinds: readonly SoakFailureKind[]) =>
    parseFailures(evidence.failures).filter((failure) => kinds.some((kind) => kind === failure.kind));
  switch (claim) {
    case "integrity":
      return listOf("wrong_bytes");
    case "completeness":
      return listOf("missing");
    case "late_cut_rate":
      return listOf("late_cut");
    case "wire_bytes":
      return listOf("too_many_bytes");
    case "restarts":
      return listOf("lost");
    case "timeout_rate":
    case "success_rate":
    case "recovery_rate":
    case "concurrency_error_rate":
      return listOf("lost", "other");
    case "reconciliation_requests":
    case "reconciliation_bytes":
      return parseFailures(evidence.differences);
    case "deadlocks":
      return recordsOf(evidence.deadlocks).flatMap(parseDeadlock);
    default:
      return [];
  }
}

function parseFailures(value: unknown): readonly ReportedFailure[] {
  return recordsOf(value).flatMap(({ kind, jobIndex, text }): readonly ReportedFailure[] =>
    typeof text === "string"
      ? [{ kind: typeof kind === "string" ? kind : undefined, jobIndex: numberOf(jobIndex), text }]
      : []
  );
}

function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The job that stood still, and the dump of the process: its stacks, if it could give them. */
function parseDeadlock(
  { id, jobIndex, silentMs, jobs, dump }: Readonly<Record<string, unknown>>,
): readonly ReportedFailure[] {
  if (id === undefined) return [];
  const own = recordsOf(jobs).find((job) => job.id === id);
  const state = typeof own?.state === "string" ? `, last at "${own.state}"` : "";
  const silence = typeof silentMs === "number"
    ? ` gave no sign of life for ${formatDuration(silentMs)}`
    : " stood still";
  const text = `${id}:${silence}${state}${typeof dump === "string" ? `\n${dump}` : ""}`;
  return [{ jobIndex: numberOf(jobIndex), text }];
}

function commandOf(
  evidence: Pick<Evidence, "seed" | "plannedMs"> & Readonly<Record<string, unknown>>,
  claim: string,
  failures: readonly ReportedFailure[],
): string | null {
  const { seed, settings, plannedMs, command } = evidence;
  if (typeof command === "string") return command;
  if (typeof seed !== "number" || typeof settings !== "object" || settings === null) return null;
  const { toxics, lanes, pace, engine } = settings as Readonly<Record<string, unknown>>;
  if (typeof toxics !== "string" || typeof lanes !== "number" || typeof pace !== "number") return null;
  const indexes = failures.map(({ jobIndex }) => jobIndex).filter((index) => index !== undefined);
  const dueMs = ((Math.max(...indexes) + 1) / pace) * 1000 + AFTER_MS;
  const lengthMs = indexes.length === 0 ? plannedMs : Math.min(plannedMs, Math.ceil(dueMs / 1000) * 1000);
  const chosen = typeof engine === "string" && engine !== "all" ? ` --engine ${engine}` : "";
  return `deno task stability --duration ${formatDuration(lengthMs).replaceAll(" ", "")} --seed ${seed} ` +
    `--toxics ${toxics}${chosen} --lanes ${lanes} --pace ${pace} --abort-on ${claim}`;
}
