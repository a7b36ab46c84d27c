import { KitError } from "../../base/mod.ts";
import type { Model, ModelFile, ModelVersion } from "../../civitai/mod.ts";
import { judgeAccess } from "./choose/judge_access.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { leaveForgottenModel } from "./leave_forgotten.ts";
import { planGalleries } from "./plan_images.ts";
import { planModel, type PlanModelOptions } from "./plan_model.ts";

/** A model, version or file that a target names. */
export interface NamedModel extends PlanModelOptions {
  /** Name of the target. */
  readonly target: string;
  /** The model with its versions. */
  readonly model: Model;
  /** Chooses the file of the version if the target names one file without its id. */
  readonly chooseFile?: ((version: ModelVersion) => ModelFile) | undefined;
}

/**
 * Plan the model, version or file that a target names. If the server refuses all its files, the target fails, as if it
 * did not exist.
 */
export async function planNamedModel(context: SettledPlanning, named: NamedModel): Promise<void> {
  const { report } = context;
  const { target, model, versionId = null } = named;
  const fileId = findFileId(context, named);
  if (leaveForgottenModel(context, target, { modelId: model.id, versionId, fileId, creator: model.creator })) return;
  const before = report.countsSoFar();
  const planned = context.library.catalog.transaction(() =>
    planModel(context, model, { versionId, fileId, isNamed: true })
  );
  const after = report.countsSoFar();
  if (after.found === before.found && after.refused > before.refused) {
    throw new KitError("failed", `Cannot fetch ${target}: ${after.lastReason}`);
  }
  report.addNamedTarget({ target, modelId: model.id, versionId, fileId });
  await planGalleries(context, planned);
}

/** Find the id of the named file; `null` if the target names a whole model or version, or all its files are refused. */
function findFileId(context: SettledPlanning, named: NamedModel): number | null {
  const { model, versionId, fileId, chooseFile } = named;
  if (!versionId) return null;
  const version = model.versions.find((candidate) => candidate.id === versionId);
  if (version === undefined) {
    throw new KitError("failed", `Cannot find version ${versionId}: model ${model.id} does not list it`);
  }
  const { clock, choice: { tryEarlyAccess } } = context;
  // A refused version may list no files; planning it then reports the refusal, which is the better message.
  const isEmpty = version.files.length === 0;
  if (isEmpty && judgeAccess(model, version, { nowMs: clock.now(), tryEarlyAccess }) !== null) return null;
  if (chooseFile !== undefined && !fileId) return chooseFile(version).id;
  if (fileId && !version.files.some((file) => file.id === fileId)) {
    throw new KitError("failed", `Cannot find file ${fileId}: version ${versionId} does not list it`);
  }
  return fileId ?? null;
}
