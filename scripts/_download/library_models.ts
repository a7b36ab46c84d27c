import type { Choice, Library, PlanTarget } from "../../lib/downloader/mod.ts";

/**
 * All models of the library as a target: their versions in the library, and newer ones.
 *
 * @param given Fields of the run's choice that replace those of each model's last download
 * @returns One target; none if the library is empty
 */
export function libraryModels(library: Library, given: readonly (keyof Choice)[] = []): readonly PlanTarget[] {
  const ids = library.catalog.modelIds({ kinds: ["file"] });
  return ids.length === 0 ? [] : [{ type: "models", ids, given }];
}
