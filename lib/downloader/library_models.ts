import type { Choice } from "./choice.ts";
import type { Library } from "./open_library.ts";
import type { PlanTarget } from "./plan/plan_target.ts";

/**
 * All models of the library as a target: their versions in the library, and newer ones.
 *
 * @param library The library; only its catalog is read
 * @param given Fields of the run's choice that replace those of each model's last download
 * @returns One target; none if the library is empty
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { libraryModels, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * assertEquals(libraryModels(library), []);
 * ```
 */
export function libraryModels(
  library: Pick<Library, "catalog">,
  given: readonly (keyof Choice)[] = [],
): readonly PlanTarget[] {
  const ids = library.catalog.modelIds({ kinds: ["file"] });
  return ids.length === 0 ? [] : [{ type: "models", ids, given }];
}
