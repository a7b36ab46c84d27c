import { formatCount, KitError } from "../../base/mod.ts";
import type { Model, ModelVersion } from "../../civitai/mod.ts";
import { DEFAULT_CHOICE } from "../choice.ts";
import { groupByChoice } from "../choice_memory.ts";
import { chooseFileByHash, chooseFileByQuery } from "./choose/choose_named_file.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { planTargetOrReport } from "./_plan_or_report.ts";
import { announceRequests, MODELS_A_PAGE } from "./requests/expect_requests.ts";
import { planGalleries, planPostedImages, reportSkippedGalleries } from "./plan_images.ts";
import { planModel } from "./plan_model.ts";
import { planCreator } from "./_plan_creator.ts";
import { planListing } from "./_plan_listing.ts";
import { planNamedModel } from "./_plan_named_model.ts";
import type { PlanTarget } from "./plan_target.ts";
import { nameTarget, targetName } from "./target_name.ts";
import { isRemoved } from "./removal_notes.ts";
import { isRemoval, recordRemoved } from "./removed_models.ts";

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
      const found = await client.versionByHash(target.hash, { signal });
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
      return await planUpdate(context, target);
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

/** Plan models of the library with the choices of their last downloads. */
async function planUpdate(
  context: SettledPlanning,
  target: Extract<PlanTarget, { readonly type: "models" }>,
): Promise<void> {
  const { choice, library: { catalog } } = context;
  const { ids, given = [] } = target;
  for (const group of groupByChoice(catalog, ids, { choice, given })) {
    await planKnownModels({ ...context, choice: group.choice }, group.ids);
  }
}

/** Request models that are in the library again, a hundred at a time, and plan what is newer than what it has. */
async function planKnownModels(context: SettledPlanning, ids: readonly number[]): Promise<void> {
  const { client, signal, choice, library: { catalog } } = context;
  const galleries = choice.gallery === 0 ? 0 : catalog.countVersions(ids);
  announceRequests(context, { name: "update", models: ids.length, galleries });
  for (let start = 0; start < ids.length; start += MODELS_A_PAGE) {
    const wanted = new Set(ids.slice(start, start + MODELS_A_PAGE));
    const isListed = await listKnownModels(context, wanted);
    // The listing omits archived and hidden models; each of those is requested by its id.
    for (const id of wanted) {
      if (isStillUnavailable(context, id)) continue;
      if (isRemoved(catalog, id)) {
        recordRemoved(context, id, { isNamed: false });
        continue;
      }
      await planTargetOrReport(context, { name: `model:${id}` }, async () => {
        // If the listing has failed, the service may be the wrong one, and so may its "not found".
        const model = isListed
          ? await requestModel(context, id, { isNamed: false })
          : await client.model(id, { signal });
        if (model === null) return;
        const planned = catalog.transaction(() => planModel(context, model, { held: catalog.versionsOf(id) }));
        await planGalleries(context, planned);
      });
    }
  }
}

/**
 * Whether a model that the listing omits was archived or taken down at the last request. It is assumed to be still
 * unavailable: it gets no new versions, so another request would change nothing.
 */
function isStillUnavailable({ library: { catalog } }: SettledPlanning, id: number): boolean {
  // Written by planModel().
  const known = catalog.model(id)?.json as Pick<Model, "mode"> | undefined;
  return known !== undefined && known.mode !== null;
}

/** Request a model; `null` if it is one of the library that the site no longer has, which is then reported. */
async function requestModel(
  context: SettledPlanning,
  modelId: number,
  options: { readonly isNamed: boolean },
): Promise<Model | null> {
  try {
    return await context.client.model(modelId, { signal: context.signal });
  } catch (error) {
    if (!isRemoval(context, modelId, error)) throw error;
    recordRemoved(context, modelId, options);
    return null;
  }
}

/** Request the id of a version's model; `null` if it is one of the library that the site no longer has. */
async function requestOwner(context: SettledPlanning, versionId: number): Promise<number | null> {
  const { client, signal, library: { catalog } } = context;
  try {
    return (await client.version(versionId, { signal })).modelId;
  } catch (error) {
    const modelId = catalog.version(versionId)?.modelId ?? null;
    if (modelId === null || !isRemoval(context, modelId, error)) throw error;
    // If the model is still there, only this version has been removed.
    if (await requestModel(context, modelId, { isNamed: true }) !== null) throw error;
    return null;
  }
}

/**
 * Plan the models that one listing contains, and remove them from `wanted`. If the listing fails, the rest stays in
 * `wanted`.
 *
 * @returns Whether the listing was read to its end
 */
async function listKnownModels(context: SettledPlanning, wanted: Set<number>): Promise<boolean> {
  const { client, signal, service, onEvent, library: { catalog } } = context;
  try {
    for await (const page of client.listModels({ ids: [...wanted] }, { signal })) {
      const found = page.items.filter((model) => wanted.delete(model.id));
      const planned = catalog.transaction(() =>
        found.flatMap((model) => planModel(context, model, { held: catalog.versionsOf(model.id) }))
      );
      await planGalleries(context, planned);
    }
    return true;
  } catch (error) {
    if (service.scopeOf(error) === "run" || !(error instanceof KitError)) throw error;
    onEvent({
      type: "warning",
      message: `${error.message}; ${formatCount(wanted.size, "model is", "models are")} requested one by one`,
    });
    return false;
  }
}
