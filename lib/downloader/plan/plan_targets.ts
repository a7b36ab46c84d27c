import { KitError } from "../../base/mod.ts";
import type { ModelVersion } from "../../civitai/mod.ts";
import { DEFAULT_CHOICE } from "../choice.ts";
import { chooseFileByHash, chooseFileByQuery } from "./choose/choose_named_file.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { leaveForgottenTarget } from "./leave_forgotten.ts";
import { planTargetOrReport } from "./_plan_or_report.ts";
import { planPostedImages, reportSkippedGalleries } from "./plan_images.ts";
import { planCreator } from "./_plan_creator.ts";
import { planKnownModels } from "./_plan_known_models.ts";
import { planListing } from "./_plan_listing.ts";
import { isGone, planNamedModel } from "./_plan_named_model.ts";
import type { PlanTarget } from "./plan_target.ts";
import { nameTarget, targetName } from "./target_name.ts";
import { isRemoval, recordRemoved } from "./removed_parts.ts";
import { requestModel } from "./_request_model.ts";

/**
 * Plan all targets into the catalog. A target that cannot be planned is reported and the others continue, unless they
 * would fail in the same way; see {@linkcode scopeOfFailure}. Items of a target that were planned before its failure
 * stay planned.
 *
 * @param context Dependencies and settings of the run
 * @param targets Targets to plan; duplicates are planned once
 * @throws Errors that end the whole run; also the failure of the first target if all targets failed with `auth`, or all
 * with `network`, and nothing is planned
 *
 * @example
 * ```ts
 * import { type SettledPlanning, planTargets } from "@civitai-dl/civitai-dl/downloader";
 *
 * async function planTwo(context: SettledPlanning): Promise<void> {
 *   const model = { type: "model", modelId: 1, versionId: null } as const;
 *   await planTargets(context, [model, { type: "user", username: "NAME" }]);
 *   const { wanted, problems } = context.report.data();
 *   console.log(`${wanted.files} files to fetch; ${problems.length} targets cannot be planned`);
 * }
 * ```
 */
export async function planTargets(context: SettledPlanning, targets: readonly PlanTarget[]): Promise<void> {
  const seen = new Set<string>();
  const failures: KitError[] = [];
  for (const target of targets) {
    const named = nameTarget(target);
    const { name } = named;
    if (seen.has(name)) continue;
    seen.add(name);
    context.signal.throwIfAborted();
    context.onEvent({ type: "target", target: name });
    const failure = await planTargetOrReport(context, named, () => planTarget(context, target));
    if (failure !== null) failures.push(failure);
  }
  reportSkippedGalleries(context);
  if (failures.length === seen.size) throwSharedFailure(context, failures);
}

/** Throw the first failure if all targets failed with `auth`, or all with `network`, and nothing is planned. */
function throwSharedFailure(context: SettledPlanning, failures: readonly KitError[]): void {
  const [first] = failures;
  if (first === undefined || (first.code !== "auth" && first.code !== "network")) return;
  const isShared = failures.every(({ code }) => code === first.code);
  const isEmpty = context.library.catalog.totals({ runId: context.runId }).count === 0;
  if (isShared && isEmpty) throw first;
}

async function planTarget(context: SettledPlanning, target: PlanTarget): Promise<void> {
  const { client, signal } = context;
  const name = targetName(target);
  if (leaveForgottenTarget(context, target)) return;
  switch (target.type) {
    case "user":
      if (target.only === "images") return await planNamedImages(context, { username: target.username });
      return await planCreator(context, target);
    case "model": {
      const model = await requestModel(context, target.modelId, { isNamed: true });
      if (model === null) return;
      return await planNamedModel(context, { target: name, model, versionId: target.versionId });
    }
    case "air": {
      const model = await requestModel(context, target.modelId, { isNamed: true });
      if (model === null) return;
      const { versionId, fileId } = target;
      return await planNamedModel(context, { target: name, model, versionId, fileId });
    }
    case "version": {
      const { versionId, fileId, query } = target;
      const modelId = await requestOwner(context, versionId);
      const model = modelId === null ? null : await client.model(modelId, { signal });
      if (model === null) return;
      const chooseFile = query === undefined ? undefined : (version: ModelVersion) => chooseFileByQuery(version, query);
      return await planNamedModel(context, { target: name, model, versionId, fileId, chooseFile });
    }
    case "hash": {
      const found = await requestByHash(context, target.hash);
      if (found === null) return;
      const model = await client.model(found.modelId, { signal });
      const chooseFile = (version: ModelVersion) => chooseFileByHash(version, { ...target, found: found.files });
      return await planNamedModel(context, { target: name, model, versionId: found.id, chooseFile });
    }
    case "image":
      return await planNamedImages(context, { imageId: target.imageId });
    case "post":
      return await planNamedImages(context, { postId: target.postId });
    case "search": {
      const { failure } = await planListing(context, target.query);
      if (failure !== null) throw failure;
      return;
    }
    case "models":
      return await planKnownModels(context, target);
  }
}

async function planNamedImages(
  context: SettledPlanning,
  query: { readonly imageId: number } | { readonly postId: number } | { readonly username: string },
): Promise<void> {
  const count = await planPostedImages(context, query);
  if (count > 0) return;
  const what = nameImages(query);
  const { maxImages, levels } = context.choice;
  if (maxImages === 0) throw new KitError("failed", `Cannot plan ${what}: images are not wanted`);
  // A creator need not have posted any.
  if ("username" in query) return;
  const which = levels === DEFAULT_CHOICE.levels ? "no such image" : "none of the chosen maturity";
  throw new KitError("failed", `Cannot find ${what}: the API lists ${which}`);
}

function nameImages(query: Parameters<typeof planNamedImages>[1]): string {
  if ("imageId" in query) return `image ${query.imageId}`;
  return "postId" in query ? `images of post ${query.postId}` : `images of ${query.username}`;
}

/** Request the version that has a file; `null` if it is a file of the library that the site has removed. */
async function requestByHash(context: SettledPlanning, hash: string): Promise<ModelVersion | null> {
  const { client, signal, library: { catalog } } = context;
  try {
    return await client.versionByHash(hash, { signal });
  } catch (error) {
    const [item] = hash.length === 64 ? catalog.items({ kinds: ["file"], sha256: hash }).take(1) : [];
    const modelId = item?.modelId ?? null;
    if (modelId === null || !isRemoval(context, { type: "model", modelId }, error)) throw error;
    const model = await requestModel(context, modelId, { isNamed: true });
    if (model === null || await isGone(context, { model, ...item! })) return null;
    throw error;
  }
}

/** Request the id of a version's model; `null` if it is one of the library that the site no longer has. */
async function requestOwner(context: SettledPlanning, versionId: number): Promise<number | null> {
  const { client, signal, library: { catalog } } = context;
  try {
    return (await client.version(versionId, { signal })).modelId;
  } catch (error) {
    const modelId = catalog.version(versionId)?.modelId ?? null;
    if (modelId === null || !isRemoval(context, { type: "model", modelId }, error)) throw error;
    // If the model is still there, only this version has been removed.
    if (await requestModel(context, modelId, { isNamed: true }) === null) return null;
    const part = { type: "version", modelId, versionId } as const;
    if (!isRemoval(context, part, error)) throw error;
    recordRemoved(context, part, { isNamed: true });
    return null;
  }
}
