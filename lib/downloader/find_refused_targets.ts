import type { CatalogItem } from "../library/mod.ts";
import type { Library } from "./open_library.ts";
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
 * asked for the bytes. What comes later by itself, early access, does not count.
 *
 * @param library The library
 * @param named What the targets name
 * @returns The targets, each with the first refusal
 */
export function findRefusedTargets(
  library: Pick<Library, "catalog">,
  named: readonly NamedTarget[],
): readonly RefusedTarget[] {
  return named.flatMap(({ target, modelId, versionId, fileId }) => {
    let refused: CatalogItem | undefined;
    for (const item of library.catalog.items({ modelId, kinds: ["file"] })) {
      if (versionId !== null && item.versionId !== versionId) continue;
      if (fileId !== null && item.fileId !== fileId) continue;
      if (item.state !== "refused" || item.outcome === "early-access") return [];
      refused ??= item;
    }
    if (refused === undefined) return [];
    return [{ target, outcome: refused.outcome ?? "refused", message: refused.reason ?? "the server refuses it" }];
  });
}
