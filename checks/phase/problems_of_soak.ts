import { type Evidence, formatDuration } from "../../lib/base/mod.ts";
import type { GateProblem } from "../../lib/gate/mod.ts";
import { CLAIM_IDS, LATE_CUT, MISSING, WRONG_BYTES } from "../../lib/soak/mod.ts";

/** Maximum number of failures listed per claim. */
const MAX_LISTED = 10;
/** Time after the failed job fell due, in which it ends. */
const AFTER_MS = 120_000;
/** Parts of messages that explain claims of their own. */
const OTHERS: readonly string[] = [WRONG_BYTES, MISSING, LATE_CUT];

/**
 * List what the report of `stability` or `concurrency-test` knows about a failed claim: files, jobs and what they were
 * doing, and the command that repeats the run from its seed. The list is empty for other reports.
 *
 * @param evidence The report
 * @param claim Name of the failed claim
 * @returns One problem for each failure that the report lists, then one with the command
 */
export function problemsOfSoak(evidence: Evidence, claim: string): readonly GateProblem[] {
  // Of a claim about one group of jobs, such as `success_rate:turbo`, the run knows what it knows of all.
  const [id] = claim.split(":");
  if (!(CLAIM_IDS as readonly string[]).includes(id!)) return [];
  const failures = failuresOf(evidence, id!).slice(0, MAX_LISTED);
  const command = commandOf(evidence, id!, failures);
  return [
    ...failures.map((message) => ({ message })),
    ...command === null ? [] : [{ message: `repeat it from its seed: ${command}` }],
  ];
}

function failuresOf(evidence: Evidence, claim: string): readonly string[] {
  switch (claim) {
    case "integrity":
      return textsOf(evidence.failures).filter((text) => text.includes(`${WRONG_BYTES}: `));
    case "completeness":
      return textsOf(evidence.failures).filter((text) => text.includes(`${MISSING}: `));
    case "late_cut_rate":
      return textsOf(evidence.failures).filter((text) => text.includes(`${LATE_CUT}: `));
    case "timeout_rate":
    case "success_rate":
    case "recovery_rate":
    case "concurrency_error_rate":
    case "restarts":
      return textsOf(evidence.failures).filter((text) => OTHERS.every((other) => !text.includes(`${other}: `)));
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

/**
 * The command that the report names, or that of the same schedule and faults, for as long as the listed jobs take; `null`
 * if settings are missing.
 */
function commandOf(evidence: Evidence, claim: string, failures: readonly string[]): string | null {
  const { seed, settings, plannedMs, command } = evidence;
  if (typeof command === "string") return command;
  if (typeof seed !== "number" || typeof settings !== "object" || settings === null) return null;
  const { toxics, lanes, perSecond, engine } = settings as Readonly<Record<string, unknown>>;
  if (typeof toxics !== "string" || typeof lanes !== "number" || typeof perSecond !== "number") return null;
  const indexes = failures.flatMap((text) => /^(\d+)-/.exec(text)?.slice(1).map(Number) ?? []);
  const dueMs = ((Math.min(...indexes) + 1) / perSecond) * 1000 + AFTER_MS;
  const lengthMs = indexes.length === 0 ? plannedMs : Math.min(plannedMs, Math.ceil(dueMs / 1000) * 1000);
  return `deno task stability --duration ${formatDuration(lengthMs).replaceAll(" ", "")} --seed ${seed} ` +
    `--toxics ${toxics}${
      typeof engine === "string" && engine !== "all" ? ` --engine ${engine}` : ""
    } --lanes ${lanes} --pace ${perSecond} --abort-on ${claim}`;
}
