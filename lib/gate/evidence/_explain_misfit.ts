import { type Evidence, formatDuration } from "../../base/mod.ts";
import type { EvidenceContext, EvidenceMisfit } from "./evidence_context.ts";
import type { EvidenceDemand } from "../config/gate_config.ts";
import { explainWhere } from "./_explain_where.ts";

/** Allowed difference between the clocks of two machines. */
const CLOCK_SLACK_MS = 300_000;
/**
 * Fraction of the required duration. A run that is too short, but was planned for at least this fraction or reached it,
 * counts as a failed attempt. A run that is even shorter is of another kind and does not count.
 */
const NEARLY = 0.9;

type Misfit = Omit<EvidenceMisfit, "name">;

/** Explain why a report does not meet a demand; `null` if it does. */
export async function explainMisfit(
  evidence: Evidence,
  demand: EvidenceDemand,
  context: EvidenceContext,
): Promise<Misfit | null> {
  const lie = explainClock(evidence, context.now);
  if (lie !== null) return lie;
  const shortfall = explainKind(evidence, demand.where) ?? explainEnd(evidence) ?? explainDuration(evidence, demand) ??
    explainKind(evidence, demand.proofWhere);
  const doubt = explainAge(evidence, demand, context.now) ?? explainMachine(evidence, demand, context) ??
    await explainCommit(evidence, demand, context);
  if (shortfall === null) return doubt;
  if (doubt === null) return { ...shortfall, canRefute: true };
  // An attempt that did not succeed then says nothing about these sources either.
  const verdict = shortfall.verdict === "fail" ? doubt.verdict : shortfall.verdict;
  return { verdict, reason: `${shortfall.reason}; ${doubt.reason}` };
}

/** Explain why the run is of another kind than the condition asks for; such a run is not a failed one. */
function explainKind(evidence: Evidence, where: EvidenceDemand["where"]): Misfit | null {
  const reason = explainWhere(evidence, where);
  return reason === null ? null : { verdict: "not evaluated", reason };
}

function explainClock(evidence: Evidence, now: number): Misfit | null {
  const start = Date.parse(evidence.startedAt);
  const end = Date.parse(evidence.endedAt);
  const fails = (reason: string): Misfit => ({ verdict: "fail", reason });
  if (end > now + CLOCK_SLACK_MS) return fails(`it ended at ${evidence.endedAt}, which is in the future`);
  if (end < start) return fails("it ended before it began: the clock was changed during the run");
  if (evidence.actualMs > end - start + CLOCK_SLACK_MS) return fails("it claims more working time than the run took");
  return null;
}

/** Explain why the run is not over, or ended before its time; reports that do not tell their end are over. */
function explainEnd({ end }: Evidence): Misfit | null {
  if (typeof end !== "object" || end === null || !("type" in end) || end.type === "planned") return null;
  const verdict = "not evaluated";
  if (end.type === "running") return { verdict, reason: "it is not finished: the run is under way, or was killed" };
  if (end.type === "claim") return { verdict, reason: `it ended early, because a claim failed${nameIn(end, "claim")}` };
  return { verdict, reason: `it was stopped before its end${nameIn(end, "reason")}` };
}

function nameIn(end: object, key: string): string {
  const value: unknown = Reflect.get(end, key);
  return typeof value === "string" && value !== "" ? `: ${value}` : "";
}

function explainDuration(evidence: Evidence, { minDurationMs, maxPauseMs }: EvidenceDemand): Misfit | null {
  const { actualMs, plannedMs } = evidence;
  if (actualMs < minDurationMs) {
    const reason = `it lasted ${formatExactly(actualMs)}, less than the required ${formatDuration(minDurationMs)}`;
    const isAttempt = Math.max(actualMs, plannedMs) >= NEARLY * minDurationMs;
    return { verdict: isAttempt ? "fail" : "not evaluated", reason };
  }
  const pause = Date.parse(evidence.endedAt) - Date.parse(evidence.startedAt) - actualMs;
  if (maxPauseMs === null || pause <= maxPauseMs) return null;
  const reason = `it paused for ${formatExactly(pause)}, more than the allowed ${formatDuration(maxPauseMs)}`;
  return { verdict: "fail", reason };
}

function explainAge(evidence: Evidence, { maxAgeMs }: EvidenceDemand, now: number): Misfit | null {
  const age = now - Date.parse(evidence.endedAt);
  if (maxAgeMs === null || age <= maxAgeMs) return null;
  const reason = `it is ${formatExactly(age)} old, more than the allowed ${formatDuration(maxAgeMs)}`;
  return { verdict: "not evaluated", reason };
}

/** Format a duration, truncated to whole seconds and never rounded up: 23 h 59 m 59.9 s is not a day. */
function formatExactly(ms: number): string {
  return formatDuration(Math.floor(ms / 1000) * 1000);
}

function explainMachine(evidence: Evidence, demand: EvidenceDemand, context: EvidenceContext): Misfit | null {
  if (!demand.sameMachine) return null;
  for (const key of ["cpu", "cores", "arch"] as const) {
    const there = evidence.machine[key];
    const here = context.machine[key];
    if (there !== here) {
      return {
        verdict: "inconclusive",
        reason: `it comes from another machine: its ${key} is ${there}, here it is ${here}`,
      };
    }
  }
  return null;
}

/** Explain why the report is of other sources, which neither proves nor refutes anything about these. */
async function explainCommit(
  evidence: Evidence,
  demand: EvidenceDemand,
  context: EvidenceContext,
): Promise<Misfit | null> {
  if (!demand.sameCommit) return null;
  const ofOthers = (reason: string): Misfit => ({ verdict: "not evaluated", reason });
  const { sha, isDirty } = evidence.commit;
  const short = sha.slice(0, 9);
  if (sha === "") return ofOthers("it names no commit");
  if (isDirty) return ofOthers(`it was made with uncommitted changes to commit ${short}`);
  const { repository } = context;
  if (repository === null) {
    return { verdict: "inconclusive", reason: "there is no git repository to compare its commit with" };
  }
  const changed = await repository.changedSince(sha, demand.sources);
  if (changed === null) return ofOthers(`its commit ${short} is unknown in this repository`);
  if (changed.length === 0) return null;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  const list = `${changed.slice(0, 3).join(", ")}${more}`;
  return ofOthers(`it was made at commit ${short}, and these sources have changed since: ${list}`);
}
