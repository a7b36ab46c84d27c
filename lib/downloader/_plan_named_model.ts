import { KitError } from "../base/mod.ts";
import type { Model } from "../civitai/mod.ts";
import type { PlanContext } from "./plan_context.ts";
import { planGalleries } from "./plan_images.ts";
import { planModel, type PlanModelOptions } from "./plan_model.ts";

/** A model as a target names it. */
export interface NamedModel extends PlanModelOptions {
  /** How the target is called. */
  readonly target: string;
  /** The model with its versions. */
  readonly model: Model;
}

/**
 * Plan the model, version or file that a target names. Whoever names one wants that one: if the server refuses all of
 * it, the target has failed, as if it were not there.
 */
export async function planNamedModel(context: PlanContext, named: NamedModel): Promise<void> {
  const { report } = context;
  const { target, model, versionId = null, fileId = null } = named;
  assertListed(named);
  const before = report.standing();
  const planned = context.library.catalog.transaction(() => planModel(context, model, { versionId, fileId }));
  const after = report.standing();
  if (after.found === before.found && after.refused > before.refused) {
    throw new KitError("failed", `Cannot have ${target}: ${after.lastReason}`);
  }
  report.named({ target, modelId: model.id, versionId, fileId });
  await planGalleries(context, planned);
}

function assertListed({ model, versionId, fileId }: NamedModel): void {
  const version = model.versions.find((candidate) => candidate.id === versionId);
  if (versionId && version === undefined) {
    throw new KitError("failed", `Cannot find version ${versionId}: model ${model.id} does not list it`);
  }
  if (fileId && !version?.files.some((file) => file.id === fileId)) {
    throw new KitError("failed", `Cannot find file ${fileId}: version ${versionId} does not list it`);
  }
}
