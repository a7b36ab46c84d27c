import { KitError } from "../../base/mod.ts";
import type { Model, ModelFile, ModelVersion } from "../../civitai/mod.ts";
import { judgeAccess } from "./choose/judge_access.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { leaveForgottenModel } from "./leave_forgotten.ts";
import { planGalleries } from "./plan_images.ts";
import { planModel, type PlanModelOptions } from "./plan_model.ts";
import { isRemoved, readRemovals, type RemovablePart } from "./removal_notes.ts";
import { findVanished, hasFiles, recordRemoved, settleVanished, type Vanished } from "./removed_parts.ts";

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
  if (await isGone(context, named)) return;
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
  await settleVanished(context, vanishedOf(context, model));
  await planGalleries(context, planned);
}

/**
 * Find out whether the site has removed the version or file that a target names, and the library has it. It is then
 * reported.
 *
 * @param named The model as the site has it, and what of it the target names
 */
export async function isGone(
  context: SettledPlanning,
  { model, versionId, fileId }: Pick<NamedModel, "model" | "versionId" | "fileId">,
): Promise<boolean> {
  if (!versionId) return false;
  const { library: { catalog } } = context;
  const modelId = model.id;
  const version = model.versions.find(({ id }) => id === versionId);
  const key = `file:${versionId}:${fileId}`;
  const isListed = version !== undefined && (!fileId || version.files.some(({ id }) => id === fileId));
  if (isListed) return false;
  const part: RemovablePart = version === undefined
    ? { type: "version", modelId, versionId }
    : { type: "file", modelId, versionId, key };
  if (isRemoved(catalog, part)) recordRemoved(context, part, { isNamed: true });
  else if (hasFiles(catalog, part)) {
    const keys = version === undefined ? null : new Set([key]);
    await settleVanished(context, [{ modelId, versionId, keys }], { isNamed: true });
  }
  return isRemoved(catalog, part);
}

/** What the library has of a model that was requested by its id, and the site no longer lists. */
function vanishedOf({ library: { catalog } }: SettledPlanning, model: Model): readonly Vanished[] {
  return findVanished([model], catalog.itemsOfModels([model.id]).values(), readRemovals(catalog));
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
