import type { ErrorCode } from "../../base/mod.ts";
import type { RebuildSummary } from "../rebuild/rebuild_catalog.ts";
import type { UnfinishedRebuild } from "../rebuild/unfinished_rebuild.ts";
import type { FileVerdict, VerifySummary } from "../verify/verify_summary.ts";

/** A verification, and the rebuild before it. */
export interface VerifyResult {
  /** What a rebuild found before; `null` without one. */
  readonly rebuilt: RebuildSummary | null;
  /** The rebuild that must go on before the catalog has all files; `null` if there is none. */
  readonly unfinished: UnfinishedRebuild | null;
  /** What was found on disk, by verdict. */
  readonly verified: VerifySummary;
}

/** Verdicts that `repair` deals with. */
export const BROKEN_VERDICTS = ["missing", "changed", "corrupt"] as const satisfies readonly FileVerdict[];

/**
 * Choose the error code of a verification: broken files come first, then what a rebuild could not look up, then a rebuild
 * that is unfinished, then files of which nobody can say that they are right.
 *
 * @param result The verification
 * @returns The error code; `null` if every file is as it should be
 */
export function judgeVerify(result: VerifyResult): ErrorCode | null {
  const { rebuilt, unfinished, verified: { counts } } = result;
  if (BROKEN_VERDICTS.some((verdict) => counts[verdict] > 0) || isCatalogLost(result)) return "integrity";
  if (rebuilt !== null && rebuilt.notLookedUp.count > 0) return rebuilt.lookUpFailure?.code ?? "network";
  if (unfinished !== null) return "integrity";
  const isDoubtful = counts.flagged + counts.unreadable > 0 || (rebuilt?.skippedResponses.length ?? 0) > 0;
  return isDoubtful ? "failed" : null;
}

/**
 * Whether the catalog is empty although the folder contains model files. After a rebuild, the remaining files are those
 * that could not be identified, so the catalog is not lost.
 *
 * @param result The verification
 * @returns Whether only a rebuild helps
 */
export function isCatalogLost({ rebuilt, verified }: Pick<VerifyResult, "rebuilt" | "verified">): boolean {
  return rebuilt === null && verified.files === 0 && verified.unknown.count > 0;
}
