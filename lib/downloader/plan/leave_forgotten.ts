import type { ImageItem, Model, ModelFile, ModelVersion } from "../../civitai/mod.ts";
import type { ForgottenMark, PlannedThing } from "../../library/mod.ts";
import type { PlanTarget } from "./plan_target.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { targetName } from "./target_name.ts";

type ForgettingContext = Pick<SettledPlanning, "library" | "forgotten" | "report">;

/**
 * Leave a target out if the user has forgotten it, and report it by name.
 *
 * @returns Whether it is left out: nothing of it has to be requested
 */
export function leaveForgottenTarget(context: ForgettingContext, target: PlanTarget): boolean {
  const mark = context.forgotten.size === 0 ? null : findMark(context, target);
  if (mark === null) return false;
  reportNamed(context, targetName(target), mark);
  return true;
}

/** Find the mark of a target, as far as it is known before a request. */
function findMark({ forgotten, library: { catalog } }: ForgettingContext, target: PlanTarget): ForgottenMark | null {
  switch (target.type) {
    case "user":
      return forgotten.markOf(targetName(target)) ?? forgotten.markOf(`user:${target.username}`);
    case "model":
    case "image":
    case "post":
      return forgotten.find(target);
    case "version": {
      const modelId = catalog.version(target.versionId)?.modelId;
      return forgotten.find({ ...target, modelId, key: keyOf(target) });
    }
    case "air":
      return forgotten.find({ ...target, key: keyOf(target) });
    case "hash":
    case "search":
    case "models":
      return null;
  }
}

/** Leave a named model, version or file out if the user has forgotten it or its creator, and report it by name. */
export function leaveForgottenModel(
  context: ForgettingContext,
  target: string,
  thing: Pick<PlannedThing, "modelId" | "versionId" | "creator"> & { readonly fileId: number | null },
): boolean {
  const { versionId = null, fileId } = thing;
  const key = versionId === null ? undefined : keyOf({ versionId, fileId });
  const mark = context.forgotten.find({ ...thing, key });
  if (mark === null) return false;
  reportNamed(context, target, mark);
  return true;
}

function keyOf(
  { versionId, fileId }: { readonly versionId: number; readonly fileId: number | null },
): string | undefined {
  return fileId === null ? undefined : `file:${versionId}:${fileId}`;
}

function reportNamed({ report }: Pick<SettledPlanning, "report">, target: string, mark: ForgottenMark): void {
  report.addForgotten(target, { target, name: mark.name, change: mark.change });
}

/** Return the versions of a model that the user has not forgotten, and count the others. */
export function withoutForgottenVersions(
  { forgotten, report }: ForgettingContext,
  { id: modelId, creator }: Pick<Model, "id" | "creator">,
  versions: readonly ModelVersion[],
): readonly ModelVersion[] {
  if (forgotten.size === 0) return versions;
  return versions.filter(({ id: versionId }) => {
    if (forgotten.find({ modelId, versionId, creator }) === null) return true;
    report.addForgotten(`version:${versionId}`);
    return false;
  });
}

/** Return the files of a version that the user has not forgotten, and count the others. */
export function withoutForgottenFiles(
  { forgotten, report }: ForgettingContext,
  { id: versionId }: Pick<ModelVersion, "id">,
  files: readonly ModelFile[],
): readonly ModelFile[] {
  if (forgotten.size === 0) return files;
  return files.filter(({ id: fileId }) => {
    const key = `file:${versionId}:${fileId}`;
    if (forgotten.markOf(key) === null) return true;
    report.addForgotten(key);
    return false;
  });
}

/** Whether the user has forgotten an image, its post or the one who posted it; it is counted then. */
export function isForgottenImage(
  { forgotten, report }: ForgettingContext,
  { id: imageId, postId, username }: Pick<ImageItem, "id" | "postId" | "username">,
  item: { readonly key: string; readonly isPosted: boolean },
): boolean {
  const { key, isPosted } = item;
  const mark = forgotten.find({ imageId, postId, key, isPosted, creator: isPosted ? username : null });
  if (mark !== null) report.addForgotten(key);
  return mark !== null;
}
