import { type Evidence, formatDuration } from "../../base/mod.ts";
import {
  type FailureReason,
  kindOfFailure,
  LATE_CUT,
  MISSING,
  subjectOfClaim,
  TOO_MANY_BYTES,
  WRONG_BYTES,
} from "../judges/claim_id.ts";

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
  return { failures, command: commandOf(evidence, id, failures) };
}

function failuresOf(evidence: Readonly<Record<string, unknown>>, claim: string): readonly string[] {
  const listOf = (...kinds: readonly FailureReason[]) =>
    textsOf(evidence.failures).filter((text) => kinds.includes(kindOfFailure(text)));
  switch (claim) {
    case "integrity":
      return listOf(WRONG_BYTES);
    case "completeness":
      return listOf(MISSING);
    case "late_cut_rate":
      return listOf(LATE_CUT);
    case "wire_bytes":
      return listOf(TOO_MANY_BYTES);
    case "restarts":
      return listOf("lost");
    case "timeout_rate":
    case "success_rate":
    case "recovery_rate":
    case "concurrency_error_rate":
      return listOf("lost", "other");
    case "reconciliation_requests":
    case "reconciliation_bytes":
      return textsOf(evidence.differences);
    case "deadlocks":
      return Array.isArray(evidence.deadlocks) ? evidence.deadlocks.flatMap(describeDeadlock) : [];
    default:
      return [];
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The job that stood still, and the dump of the process: its stacks, if it could give them. */
function describeDeadlock(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null || !("id" in value)) return [];
  const { id, silentMs, jobs, dump } = value as Readonly<Record<string, unknown>>;
  const own = Array.isArray(jobs) ? jobs.find((job) => job?.id === id) : undefined;
  const state = typeof own?.state === "string" ? `, last at "${own.state}"` : "";
  const silence = typeof silentMs === "number"
    ? ` gave no sign of life for ${formatDuration(silentMs)}`
    : " stood still";
  return [`${id}:${silence}${state}${typeof dump === "string" ? `\n${dump}` : ""}`];
}

function commandOf(
  evidence: Pick<Evidence, "seed" | "plannedMs"> & Readonly<Record<string, unknown>>,
  claim: string,
  failures: readonly string[],
): string | null {
  const { seed, settings, plannedMs, command } = evidence;
  if (typeof command === "string") return command;
  if (typeof seed !== "number" || typeof settings !== "object" || settings === null) return null;
  const { toxics, lanes, pace, engine } = settings as Readonly<Record<string, unknown>>;
  if (typeof toxics !== "string" || typeof lanes !== "number" || typeof pace !== "number") return null;
  const indexes = failures.flatMap((text) => /^(\d+)-/.exec(text)?.slice(1).map(Number) ?? []);
  const dueMs = ((Math.max(...indexes) + 1) / pace) * 1000 + AFTER_MS;
  const lengthMs = indexes.length === 0 ? plannedMs : Math.min(plannedMs, Math.ceil(dueMs / 1000) * 1000);
  const chosen = typeof engine === "string" && engine !== "all" ? ` --engine ${engine}` : "";
  return `deno task stability --duration ${formatDuration(lengthMs).replaceAll(" ", "")} --seed ${seed} ` +
    `--toxics ${toxics}${chosen} --lanes ${lanes} --pace ${pace} --abort-on ${claim}`;
}
