import type { Model } from "../../civitai/mod.ts";
import type { PublishedVersion } from "../../library/mod.ts";
import { KnownItems } from "./_known_items.ts";
import { planModelOfPage, type PlannedVersion } from "./plan_model.ts";
import { findVanished, type Vanished } from "./removed_parts.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** Result of {@linkcode planPage}. */
export interface PlannedPage {
  /** The versions that are available and have files. */
  readonly planned: readonly PlannedVersion[];
  /** What the library has of the models, and the page does not list. */
  readonly vanished: readonly Vanished[];
}

/**
 * Plan the models of a page of the API. They are one transaction: a hundred small ones cost more than the work in them.
 *
 * @param context Catalog, report and settings of the run
 * @param models The models
 * @param held The versions that the library has, by the id of the model, if only these and newer ones are wanted
 * @returns The versions that are available and have files, and what has vanished if the models have all their versions
 */
export function planPage(
  context: SettledPlanning,
  models: readonly Model[],
  held?: ReadonlyMap<number, readonly PublishedVersion[]>,
): PlannedPage {
  const { runId, library: { catalog } } = context;
  return catalog.transaction(() => {
    const known = new KnownItems(catalog, models.map(({ id }) => id));
    const planned = models.flatMap((model) => planModelOfPage(context, model, { known, held: held?.get(model.id) }));
    known.assignTo(runId);
    return { planned, vanished: findVanished(models, known.all(), known.removals) };
  });
}
