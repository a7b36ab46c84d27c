/** A claim about a run; each is judged on its own. */
export type ClaimId =
  | "timeout_rate"
  | "success_rate"
  | "recovery_rate"
  | "concurrency_error_rate"
  | "late_cut_rate"
  | "completeness"
  | "wire_bytes"
  | "deadlocks"
  | "restarts"
  | "integrity"
  | "reconciliation_requests"
  | "reconciliation_bytes"
  | "leak_heap"
  | "leak_external"
  | "leak_handles"
  | "leak_timers"
  | "memory_cap"
  | "duration";

/** A rate that is also judged for each group of jobs. */
export type GroupRate = "timeout_rate" | "success_rate" | "recovery_rate";

const GROUP_RATES: readonly string[] = ["timeout_rate", "success_rate", "recovery_rate"] satisfies GroupRate[];

/** All claims, in the order that reports list them. */
export const CLAIM_IDS: readonly ClaimId[] = [
  ...["timeout_rate", "late_cut_rate", "success_rate", "recovery_rate", "concurrency_error_rate"] as const,
  ...["completeness", "wire_bytes"] as const,
  ...["deadlocks", "restarts", "integrity", "reconciliation_requests", "reconciliation_bytes"] as const,
  ...["leak_heap", "leak_external", "leak_handles", "leak_timers", "memory_cap", "duration"] as const,
];

/** What a claim in a report is about: all jobs, or one group of them, whose rate has an id of its own. */
export interface ClaimSubject {
  readonly id: ClaimId;
  /** `null` for all jobs. */
  readonly group: string | null;
}

/** Whether a claim is a rate that is also judged for each group. */
export function isGroupRate(id: ClaimId): id is GroupRate {
  return GROUP_RATES.includes(id);
}

/** The id of a group's rate in a report. */
export function groupClaimId(rate: GroupRate, group: string): string {
  return `${rate}:${group}`;
}

/** Find what a claim of a report is about; `null` if the report is not one of a soak. */
export function subjectOfClaim(claim: string): ClaimSubject | null {
  const whole = CLAIM_IDS.find((id) => id === claim);
  if (whole !== undefined) return { id: whole, group: null };
  const rate = CLAIM_IDS.filter(isGroupRate).find((id) => claim.startsWith(groupClaimId(id, "")));
  return rate === undefined ? null : { id: rate, group: claim.slice(groupClaimId(rate, "").length) };
}
