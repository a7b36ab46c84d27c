import type { CatalogItem } from "../../../library/mod.ts";
import type { Library } from "../../open_library.ts";
import type { NamedTarget } from "./plan_report.ts";

/** A target whose files the server refused, or one of whose files was flagged. */
export interface RefusedTarget {
  /** Name of the target. */
  readonly target: string;
  /** Outcome of the refused file. */
  readonly outcome: string;
  /** Reason for the refusal, as shown to the user. */
  readonly message: string;
}

/**
 * Find the models, versions and files that were requested by name but of which nothing was downloaded, because the
 * server refused every file when its bytes were requested. Early access does not count as a refusal, since it ends by
 * itself. A target with a file that this run flagged as dangerous is included even if its other files were downloaded:
 * a user who names a model expects all of it.
 *
 * @param library The library, whose catalog stores the outcomes
 * @param named Models, versions and files that the targets name
 * @param options `runId`: files flagged by this run count even if other files of the target were not refused
 * @returns The targets, each with its first flagged or refused file
 */
export function findRefusedTargets(
  library: Pick<Library, "catalog">,
  named: readonly NamedTarget[],
  options: { readonly runId: number },
): readonly RefusedTarget[] {
  return named.flatMap(({ target, modelId, versionId, fileId }) => {
    const files = [...library.catalog.items({ modelId, kinds: ["file"] })].filter((item) =>
      (versionId === null || item.versionId === versionId) && (fileId === null || item.fileId === fileId)
    );
    const flagged = files.find((item) => isRefused(item) && item.outcome === "flagged" && item.runId === options.runId);
    const worst = flagged ?? (files.every(isRefused) ? files[0] : undefined);
    if (worst === undefined) return [];
    return [{ target, outcome: worst.outcome ?? "refused", message: worst.reason ?? "the server refused it" }];
  });
}

function isRefused({ state, outcome }: CatalogItem): boolean {
  return state === "refused" && outcome !== "early-access";
}
