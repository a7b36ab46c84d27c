import type { Choice, Library, PlanTarget } from "../../lib/downloader/mod.ts";

/**
 * All models of the library as a target: their versions in the library, and newer ones.
 *
 * @param given Fields of the run's choice that replace those of each model's last download
 * @returns One target; none if the library is empty
 */
export function libraryModels(library: Library, given: readonly (keyof Choice)[] = []): readonly PlanTarget[] {
  const ids = new Set<number>();
  for (const item of library.catalog.items({ kinds: ["file"] })) if (item.modelId !== null) ids.add(item.modelId);
  return ids.size === 0 ? [] : [{ type: "models", ids: [...ids], given }];
}
