import type { CatalogItem } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";
import type { NamedTarget } from "./plan_report.ts";

/** A target of which the server gave nothing. */
export interface RefusedTarget {
  /** How the target is called. */
  readonly target: string;
  /** The named outcome. */
  readonly outcome: string;
  /** Why, for a person. */
  readonly message: string;
}

/**
 * Find the named models, versions and files of which a run got nothing, because the server refused all of it when it was
 * asked for the bytes. What comes later by itself, early access, does not count. A file of them that is flagged as
 * dangerous does, also where there are others: whoever names a model does not expect to get a part of it.
 *
 * @param library The library
 * @param named What the targets name
 * @param options The run, which is the one that has flagged
 * @returns The targets, each with the first refusal
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
