import { type ImageItem, imageUrl, type Model, type ModelFile, type ModelVersion } from "../../civitai/mod.ts";
import { type CatalogItem, galleryPath, mayHoldPickles, previewPath } from "../../library/mod.ts";
import { DEFAULT_CHOICE } from "../choice.ts";
import { chooseFiles, leaveOutFiles } from "./choose/choose_files.ts";
import { keepPrimary } from "./choose/keep_primary.ts";
import { chooseVersions, type ChooseVersionsOptions, isWantedModel } from "./choose/choose_versions.ts";
import { findFlagReason, findRecordedFlag, flaggedPath, isFlaggedPath } from "../flagged_files.ts";
import { type AccessVerdict, judgeAccess } from "./choose/judge_access.ts";
import type { KnownItems } from "./_known_items.ts";
import { sidecarDigest } from "../sidecar_digest.ts";
import { hasOthersSidecars, placeFile } from "./_place_file.ts";
import { isForgottenImage, withoutForgottenFiles, withoutForgottenVersions } from "./leave_forgotten.ts";
import { noteUnreadable } from "./report/note_unreadable.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { planItem } from "./plan_item.ts";
import { clearRemovals } from "./removed_parts.ts";

/** A planned version, with the facts that planning its images needs. */
export interface PlannedVersion {
  /** Id of the version. */
  readonly versionId: number;
  /** Path of its first file that is not flagged, relative to the library. */
  readonly modelPath: string;
  /** Name of the creator; `null` when unknown. */
  readonly creator: string | null;
  /** Id of the model that it belongs to. */
  readonly modelId: number;
}

/** Options of {@linkcode planModel}. */
export interface PlanModelOptions extends ChooseVersionsOptions {
  /** Id of the only file to plan, which a target names; without it, `Choice` decides. */
  readonly fileId?: number | null | undefined;
  /** Whether a target names the model: files that the server refused recently are then requested at once. */
  readonly isNamed?: boolean | undefined;
}

/** Facts about a file that the plan keeps in addition to its ids, as JSON in the item's `source`. */
export interface FileSource {
  /** File type: `Model`, `VAE`, … */
  readonly type: string;
  /** Format: `SafeTensor`, `GGUF`, …; `null` when unknown. */
  readonly format: string | null;
  /** See {@linkcode ModelFile.linkedQuery}. */
  readonly linkedQuery: ModelFile["linkedQuery"];
}

/** Extensions by media type, used until the first bytes of a picture show its format. */
export const ENDINGS: Readonly<Record<ImageItem["type"], string>> = { image: "jpeg", video: "mp4", audio: "mp3" };

/** Types of files that accompany a model, and that programs do not load as one. */
const SIDE_TYPES: ReadonlySet<string> = new Set(["Config", "Training Data", "Workflow", "Archive", "Other"]);

/**
 * Whether a file of this type gets all sidecars. A file of another type gets some of them if its version has no file
 * that gets all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hasSidecars } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(["Model", "VAE", "Config", "Training Data"].filter(hasSidecars), ["Model", "VAE"]);
 * ```
 */
export function hasSidecars(type: string): boolean {
  return !SIDE_TYPES.has(type);
}

/**
 * Plan the chosen versions of one model: their files and showcase images, as rows of the catalog. Call it in a
 * transaction, preferably one for several models: a small transaction costs more than the work in it.
 *
 * @param context Catalog, report and settings of the run
 * @param model The model with its versions
 * @param options The version or file that a target names, if any
 * @returns The versions that are available and have files
 *
 * @example
 * ```ts
 * import { type SettledPlanning, planModel } from "@civitai-dl/civitai-dl/downloader";
 *
 * async function planCreator(context: SettledPlanning, username: string): Promise<void> {
 *   const { client, library: { catalog }, signal } = context;
 *   for await (const page of client.listModels({ username }, { signal })) {
 *     catalog.transaction(() => page.items.forEach((model) => planModel(context, model)));
 *   }
 * }
 * ```
 */
export function planModel(
  context: SettledPlanning,
  model: Model,
  options: PlanModelOptions = {},
): readonly PlannedVersion[] {
  return planModelOfPage(context, model, { ...options, known: undefined });
}

/**
 * {@linkcode planModel} for one of the models of a page.
 *
 * @param context Catalog, report and settings of the run
 * @param model The model with its versions
 * @param options What the catalog has of the models of the page; without it, each file is looked up
 * @returns The versions that are available and have files
 */
export function planModelOfPage(
  context: SettledPlanning,
  model: Model,
  options: PlanModelOptions & { readonly known: KnownItems | undefined },
): readonly PlannedVersion[] {
  const { library: { catalog }, choice, report } = context;
  const versions = withoutForgottenVersions(context, model, chooseVersions(model, choice, options));
  clearRemovals(catalog, model, options.known?.removals);
  report.addModel(model.id, versions.map((version) => version.id));
  // Entries that a filter or a named version excludes do not need to be readable.
  const isWanted = options.versionId == null && isWantedModel(model, choice) &&
    !choice.except.models.includes(model.id);
  if (isWanted) noteUnreadable(context, modelTarget(model), model.unreadable);
  if (versions.length === 0) return [];
  const { versions: _versions, unreadable: _unreadable, ...modelJson } = model;
  const { name, type, creator } = model;
  const modelDigest = catalog.putModel(model.id, { name, type, creator, json: modelJson });
  const { fileId = null, isNamed = false, known } = options;
  return versions.map((version) => planVersion(context, { model, modelDigest, version, fileId, isNamed, known }))
    .filter((planned) => planned !== null);
}

/** Name of a model in reports about its parts. */
function modelTarget({ id, name }: Model): string {
  return name === String(id) ? `model:${id}` : `model:${id} (${name})`;
}

interface VersionPlan {
  readonly model: Model;
  /** Digest of the model in the catalog. */
  readonly modelDigest: string;
  readonly version: ModelVersion;
  readonly fileId: number | null;
  readonly isNamed: boolean;
  readonly known: KnownItems | undefined;
}

function planVersion(context: SettledPlanning, plan: VersionPlan): PlannedVersion | null {
  const { library: { catalog }, choice, report, clock } = context;
  const { model, version, fileId, known } = plan;
  const { files: _files, images: _images, unreadable = [], ...versionJson } = version;
  const versionDigest = catalog.putVersion(version.id, { ...version, json: versionJson });
  const verdict = judgeAccess(model, version, { nowMs: clock.now(), tryEarlyAccess: choice.tryEarlyAccess });
  const chosen = fileId === null
    ? chooseFiles(keepPrimary(known ?? catalog, version), choice)
    : leaveOutFiles({ ...version, files: version.files.filter((file) => file.id === fileId) }, choice);
  const files = withoutForgottenFiles(context, version, chosen);
  if (fileId === null) {
    noteUnreadable(context, modelTarget(model), unreadable.filter(({ kind }) => kind === "file"));
  }
  if (files.length === 0) {
    if (verdict !== null && chosen.length === 0) {
      report.addRefusedVersion({
        modelId: model.id,
        modelName: model.name,
        versionId: version.id,
        versionName: version.name,
        state: verdict.state,
        outcome: verdict.outcome,
        reason: verdict.reason,
      });
    }
    return null;
  }
  const digest = sidecarDigest(plan.modelDigest, versionDigest);
  // Files that accompany a model are placed next to it, so the model comes first.
  const inOrder = files.toSorted((a, b) => Number(hasSidecars(b.type)) - Number(hasSidecars(a.type)));
  const items = inOrder.map((file) => planFile(context, { ...plan, file, verdict, digest }));
  // Pictures are placed next to a file that programs load; if all files are flagged, there is no such file.
  const modelPath = items.find((item) => !isFlagged(item))?.path;
  if (modelPath === undefined) return null;
  const planned = { versionId: version.id, modelPath, creator: model.creator, modelId: model.id };
  if (verdict?.state !== undefined) return null;
  const images = version.images.filter((image) => isWantedImage(image, context)).slice(0, choice.previews);
  // An unreadable image matters only if there are too few others.
  if (images.length < choice.previews) {
    noteUnreadable(context, modelTarget(model), unreadable.filter(({ kind }) => kind === "image"));
  }
  images.forEach((image, index) =>
    planImage(context, {
      image,
      kind: "preview",
      owner: planned,
      known,
      path: previewPath(modelPath, index + 1, ENDINGS[image.type]),
    })
  );
  return planned;
}

interface FilePlan extends VersionPlan {
  readonly file: ModelFile;
  readonly verdict: AccessVerdict | null;
  readonly digest: string;
}

function isFlagged({ path, state, outcome }: CatalogItem): boolean {
  return isFlaggedPath(path) || (state === "refused" && outcome === "flagged");
}

function planFile(context: SettledPlanning, plan: FilePlan): CatalogItem {
  const { choice: { allowFlagged }, library: { catalog }, report } = context;
  const { model, version, file, digest } = plan;
  const key = `file:${version.id}:${file.id}`;
  const hashes = file.hashes as Readonly<Record<string, string>>;
  const publishedFlag = findFlagReason(file);
  const flag = publishedFlag ?? (mayHoldPickles(file.name) ? findRecordedFlag(catalog, { key, hashes }) : null);
  const refusal: AccessVerdict | null = flag === null || allowFlagged
    ? null
    : { state: "refused", outcome: "flagged", reason: flag, notBefore: null };
  const isAllowed = flag !== null && allowFlagged;
  const usualPath = (): string => placeFile(context, { model, version, file });
  const source: FileSource = { type: file.type, format: file.format, linkedQuery: file.linkedQuery };
  const item = planItem(context, {
    key,
    kind: "file",
    modelId: model.id,
    versionId: version.id,
    fileId: file.id,
    imageId: null,
    creator: model.creator,
    path: () => isAllowed ? flaggedPath(usualPath()) : usualPath(),
    isTaken: (wantedPath) => hasOthersSidecars(context, { model, version, file }, wantedPath),
    sizeBytes: file.sizeBytes,
    hashes,
    source: JSON.stringify(source),
    hints: [file.fp, file.quantType, file.size, String(file.id)].filter((hint) => hint !== null),
    // A flag takes precedence over a deferral, since deferred items are fetched later without being planned again.
    verdict: plan.verdict?.state === "refused" ? plan.verdict : refusal ?? plan.verdict,
    isFlagged: isAllowed,
    known: plan.known,
    asksAgain: plan.isNamed,
  });
  const isHeldUp = plan.verdict?.state === "refused" || (isAllowed && plan.verdict !== null);
  if (flag !== null && item.state !== "done" && !isHeldUp) report.addFlagged(item.path, flag);
  if (publishedFlag !== null && item.state === "done" && !isFlaggedPath(item.path)) {
    context.onEvent({ type: "warning", message: `"${item.path}" was there before and is kept, but ${publishedFlag}` });
  }
  // The run writes the sidecars of files without a digest: new files, and files whose version was edited.
  const isOutdated = item.sidecarDigest !== null && item.sidecarDigest !== digest;
  if (item.state === "done" && isOutdated) catalog.setSidecarDigest(item.key, null);
  return item;
}

/** Whether the maturity of an image is wanted. An image without a rating is wanted only if every level is. */
export function isWantedImage(
  { nsfwLevel }: Pick<ImageItem, "nsfwLevel">,
  context: Pick<SettledPlanning, "choice">,
): boolean {
  const { levels } = context.choice;
  if (nsfwLevel === 0) return levels === DEFAULT_CHOICE.levels;
  return (nsfwLevel & ~levels) === 0;
}

/** One image to plan. */
export interface ImagePlan {
  /** The image as the API lists it. */
  readonly image: ImageItem;
  /** Kind of the item: showcase image, community image, or posted image. */
  readonly kind: "preview" | "gallery" | "image";
  /** The version that it shows; `null` for posted images. */
  readonly owner: PlannedVersion | null;
  /** Preferred path, relative to the library; a path in the version's gallery if absent. */
  readonly path?: string | undefined;
  /** What the catalog has of the models of the page; absent if the image is not of one. */
  readonly known?: KnownItems | undefined;
  /** Number of images already placed in the same folder; 0 if absent. */
  readonly position?: number | undefined;
}

/**
 * Plan one image as a row of the catalog.
 *
 * @param context Catalog, report and settings of the run
 * @param plan The image, its kind and its place
 */
export function planImage(context: SettledPlanning, plan: ImagePlan): void {
  const { image, kind, owner, position = 0 } = plan;
  const { layout, template } = context.choice;
  const ext = ENDINGS[image.type];
  const key = owner === null ? `image:${image.id}` : `${kind}:${owner.versionId}:${image.id}`;
  if (isForgottenImage(context, image, { key, isPosted: owner === null })) return;
  planItem(context, {
    key,
    kind,
    modelId: owner?.modelId ?? null,
    versionId: owner?.versionId ?? null,
    fileId: null,
    imageId: image.id,
    creator: owner?.creator ?? image.username,
    path: () =>
      plan.path ?? galleryPath(
        { modelPath: owner!.modelPath, versionId: owner!.versionId, imageId: image.id, ext, position },
        { layout, ...(template === null ? {} : { template }) },
      ),
    sizeBytes: null,
    hashes: {},
    source: imageUrl(image),
    hints: [String(image.id)],
    verdict: null,
    known: plan.known,
  });
}
