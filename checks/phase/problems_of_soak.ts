import type { Evidence } from "../../lib/base/mod.ts";
import type { GateProblem } from "../../lib/gate/mod.ts";
import { explainFailedClaim, subjectOfClaim } from "../../lib/soak/mod.ts";

/** Maximum number of failures listed per claim: with the claim and the command, the ten lines that the gate shows. */
export const MAX_LISTED = 8;

/**
 * List what the report of `stability` or `concurrency-test` knows about a failed claim: files, jobs and what they were
 * doing, and the command that repeats the run from its seed. The list is empty for other reports.
 *
 * @returns One problem for each failure that the report lists, then one with the command
 */
export function problemsOfSoak(evidence: Evidence, claim: string): readonly GateProblem[] {
  if (subjectOfClaim(claim) === null) return [];
  const { failures, command } = explainFailedClaim(evidence, claim);
  return [
    ...failures.slice(0, MAX_LISTED).map((message) => ({ message })),
    ...command === null ? [] : [{ message: `repeat it from its seed: ${command}` }],
  ];
}
