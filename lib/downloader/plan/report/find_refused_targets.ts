import type { CatalogItem } from "../../../library/mod.ts";
import type { Library } from "../../open_library.ts";
import type { NamedTarget } from "./plan_report.ts";

/** A target whose files the server refused, or one of whose files was flagged. */
export interface RefusedTarget {
  /** Name of the target. */
  readonly target: string;
  /** Outcome of the refused file. */
  readonly outcome: string;
  /** Reason of the refusal, for the user. */
  readonly message: string;
}

/**
 * Find the named models, versions and files of which a run got nothing, because the server refused all of it when the
 * bytes were requested. Early access does not count as a refusal, since it ends by itself. A file that this run flagged
 * as dangerous counts even if there are others: a user who names a model does not expect to get only a part of it.
 *
 * @param library Its catalog has the outcomes
 * @param named Models, versions and files that the targets name
 * @param options `runId`: only files that this run flagged count
 * @returns The targets, each with its first flagged or refused file
 */
export function findRefusedTargets(
  library: Pick<Library, "catalog">,
  named: readonly NamedTarget[],
  options: { readonly runId: number },
): readonly RefusedTarget[] {
  return named.flatMap(({ target, modelId, versionId, fileId }) => {
    let refused: CatalogItem | undefined;
    let flagged: CatalogItem | undefined;
    let hasOthers = false;
    for (const item of library.catalog.items({ modelId, kinds: ["file"] })) {
      if (versionId !== null && item.versionId !== versionId) continue;
      if (fileId !== null && item.fileId !== fileId) continue;
      if (item.state !== "refused" || item.outcome === "early-access") hasOthers = true;
      else if (item.outcome === "flagged" && item.runId === options.runId) flagged ??= item;
      else refused ??= item;
    }
    const worst = flagged ?? (hasOthers ? undefined : refused);
    if (worst === undefined) return [];
    return [{ target, outcome: worst.outcome ?? "refused", message: worst.reason ?? "the server refuses it" }];
  });
}
