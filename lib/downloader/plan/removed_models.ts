import { classifyFailure } from "../../failsafe/mod.ts";
import type { ItemState } from "../../library/mod.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { isRemoved, noteRemoval } from "./removal_notes.ts";

/** States of items that a run would request, although the site no longer has them. */
const PENDING: readonly ItemState[] = ["planned", "failed", "deferred", "corrupted"];

/**
 * Find out whether a model that cannot be found is one of the library, which the site has removed since. A model that
 * the library does not know has perhaps been misspelled.
 *
 * @param context The library
 * @param modelId Id of the model; `null` if it is unknown
 * @param error Error of the request for it
 */
export function isRemoval(
  { library: { catalog } }: Pick<SettledPlanning, "library">,
  modelId: number | null,
  error: unknown,
): boolean {
  if (modelId === null || classifyFailure(error) !== "gone") return false;
  return catalog.items({ modelId, kinds: ["file"] }).next().done !== true;
}

/**
 * Record that the site no longer has a model, and report it. Its files are kept; what is missing of it is no longer
 * requested. The first run that finds it also warns of it.
 *
 * @param context Catalog, report and events of the run
 * @param modelId Id of the model
 * @param options Whether a target names the model
 */
export function recordRemoved(
  context: SettledPlanning,
  modelId: number,
  options: { readonly isNamed: boolean },
): void {
  const { library: { catalog }, report, clock, onEvent } = context;
  const isFirst = !isRemoved(catalog, modelId);
  const name = catalog.model(modelId)?.name ?? null;
  const keptFiles = catalog.totals({ modelId, kinds: ["file"], states: ["done"] }).count;
  report.addRemoved({ modelId, name, keptFiles, isNews: isFirst || options.isNamed });
  if (!isFirst) return;
  catalog.transaction(() => {
    noteRemoval(catalog, modelId, clock.now());
    for (const item of catalog.items({ modelId, states: PENDING })) {
      catalog.mark(item.key, { state: "refused", outcome: "removed", reason: "removed on Civitai" });
    }
  });
  const target = `model:${modelId}`;
  onEvent({
    type: "warning",
    message: `Removed on Civitai, kept: ${target}${name === null ? "" : ` (${name})`}`,
    target,
  });
}
