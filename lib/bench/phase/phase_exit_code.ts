import type { PhaseClaim } from "./phase_claims.ts";

/**
 * How `benchmark --phase` ends.
 *
 * @param claims What was found of every workload
 * @param reservation Why nobody may conclude anything from it; `null` if one may
 * @returns 1 if a claim failed, 0 if something was promised and all claims hold, else 3
 */
export function phaseExitCode(claims: readonly PhaseClaim[], reservation: string | null): number {
  if (reservation !== null) return 3;
  if (claims.some(({ verdict }) => verdict === "fail")) return 1;
  const isJudged = claims.some(({ requirement }) => requirement !== null);
  return isJudged && claims.every(({ verdict }) => verdict === "pass") ? 0 : 3;
}
