import type { PhaseClaim } from "./phase_claims.ts";

/**
 * Return the exit code of `benchmark --phase`.
 *
 * @param claims Claims of all workloads
 * @param reservation Reason why the report allows no verdict; `null` if it allows one
 * @returns 3 if there is a reservation; otherwise 1 if a claim failed, 0 if all claims pass and at least one has a
 * requirement, and 3 in all other cases
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { phaseClaims, phaseExitCode } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "mixed: time", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const benchmarks = [{ ...about, samples: [1, 1, 1, 1, 1, 1] }];
 * const baselineBenchmarks = [{ ...about, samples: [3, 3, 3, 3, 3, 3] }];
 * const claims = phaseClaims(4, { benchmarks, baselineBenchmarks, speedup: 2, workloads: ["mixed"] });
 * assertEquals(phaseExitCode(claims, null), 0);
 * assertEquals(phaseExitCode(claims, "the work was scaled down"), 3);
 * ```
 */
export function phaseExitCode(claims: readonly PhaseClaim[], reservation: string | null): number {
  if (reservation !== null) return 3;
  if (claims.some(({ verdict }) => verdict === "fail")) return 1;
  const isJudged = claims.some(({ requirement }) => requirement !== null);
  return isJudged && claims.every(({ verdict }) => verdict === "pass") ? 0 : 3;
}
