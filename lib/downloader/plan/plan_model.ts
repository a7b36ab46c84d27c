import { type ImageItem, imageUrl, type Model, type ModelFile, type ModelVersion } from "../../civitai/mod.ts";
import { type CatalogItem, contentDigest, galleryPath, mayHoldPickles, previewPath } from "../../library/mod.ts";
import { DEFAULT_CHOICE } from "../choice.ts";
import { chooseFiles } from "./choose_files.ts";
import { keepPrimary } from "./_keep_primary.ts";
import { chooseVersions, type ChooseVersionsOptions, isWantedModel } from "./choose_versions.ts";
import { flaggedPath, isFlaggedPath, judgeFlag, recallFlag } from "../flagged_files.ts";
import { type AccessVerdict, judgeAccess } from "./judge_access.ts";
import { sidecarFacts } from "../naming.ts";
import { hasOthersSidecars, placeFile } from "./_place_file.ts";
import { noteUnreadable } from "./note_unreadable.ts";
import type { PlanContext } from "./plan_context.ts";
import { planItem } from "./plan_item.ts";

/** A version that was planned, for whoever adds its gallery. */
export interface PlannedVersion {
  /** Its id. */
  readonly versionId: number;
  /** Path of its first file. */
  readonly modelPath: string;
  /** Whose it is. */
  readonly creator: string | null;
  /** The model that it belongs to. */
  readonly modelId: number;
}

/** Options of {@linkcode planModel}. */
export interface PlanModelOptions extends ChooseVersionsOptions {
  /** The one file that a target named. */
  readonly fileId?: number | null | undefined;
}

/** What of a file the plan must keep besides its ids, as JSON in the item's `source`. */
export interface FileSource {
  /** `Model`, `VAE`, … */
  readonly type: string;
  /** `SafeTensor`, `GGUF`, … */
  readonly format: string | null;
  /** See {@linkcode ModelFile.linkedQuery}. */
  readonly linkedQuery: ModelFile["linkedQuery"];
}

/** What an image is called by until its first bytes are here. */
export const ENDINGS: Readonly<Record<ImageItem["type"], string>> = { image: "jpeg", video: "mp4", audio: "mp3" };

/** File types that stand beside a model. */
const SIDE_TYPES: ReadonlySet<string> = new Set(["Config", "Training Data", "Workflow", "Archive", "Other"]);

/** Whether a file of this type has all sidecars of its own; another has some where its version has no such file. */
export function hasSidecars(type: string): boolean {
  return !SIDE_TYPES.has(type);
}

/**
 * Plan the chosen versions of one model: their files and showcase images, as rows of the catalog. Call it in a
 * transaction, best with other models in the same: a small one each costs more than what it holds.
 *
 * @param context What planning needs
 * @param model The model with its versions
 * @param options A version or file that was named
 * @returns The versions that have files
 */
export function planModel(
  context: PlanContext,
  model: Model,
  options: PlanModelOptions = {},
): readonly PlannedVersion[] {
  const { library: { catalog }, choice, report } = context;
  const versions = chooseVersions(model, choice, options);
  report.model(model.id, versions.map((version) => version.id));
  // What a filter or a name leaves out need not be readable.
  const isWanted = options.versionId == null && isWantedModel(model, choice);
  if (isWanted) noteUnreadable(context, modelTarget(model), model.unreadable);
  if (versions.length === 0) return [];
  const { versions: _versions, unreadable: _unreadable, ...modelJson } = model;
  catalog.putModel(model.id, { name: model.name, type: model.type, creator: model.creator, json: modelJson });
  return versions.map((version) => planVersion(context, { model, version, fileId: options.fileId ?? null }))
    .filter((planned) => planned !== null);
}

/** How a model is called where parts of it are named. */
function modelTarget({ id, name }: Model): string {
  return name === String(id) ? `model:${id}` : `model:${id} (${name})`;
}

interface VersionPlan {
  readonly model: Model;
  readonly version: ModelVersion;
  readonly fileId: number | null;
}

function planVersion(context: PlanContext, plan: VersionPlan): PlannedVersion | null {
  const { library: { catalog }, choice, report, clock } = context;
  const { model, version, fileId } = plan;
  const { files: _files, images: _images, unreadable = [], ...versionJson } = version;
  catalog.putVersion(version.id, { ...version, json: versionJson });
  const verdict = judgeAccess(model, version, { nowMs: clock.now(), tryEarlyAccess: choice.tryEarlyAccess });
  const files = fileId === null
    ? chooseFiles(keepPrimary(catalog, version), choice)
    : version.files.filter((file) => file.id === fileId);
  if (fileId === null) {
    noteUnreadable(context, modelTarget(model), unreadable.filter(({ kind }) => kind === "file"));
  }
  if (files.length === 0) {
    if (verdict !== null) {
      report.refusedVersion(version.id, verdict.outcome, `${model.name} / ${version.name}: ${verdict.reason}`);
    }
    return null;
  }
  const digest = contentDigest(sidecarFacts(model, version), { ignore: ["stats"] });
  const items = files.map((file) => planFile(context, { ...plan, file, verdict, digest }));
  // Pictures go beside a file that is loaded; where all are flagged, there is none.
  const modelPath = items.find((item) => !isFlagged(item))?.path;
  if (modelPath === undefined) return null;
  const planned = { versionId: version.id, modelPath, creator: model.creator, modelId: model.id };
  if (verdict?.state !== undefined) return null;
  const images = version.images.filter((image) => isWantedImage(image, context)).slice(0, choice.previews);
  // Where others are enough, nobody misses it.
  if (images.length < choice.previews) {
    noteUnreadable(context, modelTarget(model), unreadable.filter(({ kind }) => kind === "image"));
  }
  images.forEach((image, index) =>
    planImage(context, {
      image,
      kind: "preview",
      owner: planned,
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

function planFile(context: PlanContext, plan: FilePlan): CatalogItem {
  const { choice: { allowFlagged }, library: { catalog }, report } = context;
  const { model, version, file, digest } = plan;
  const key = `file:${version.id}:${file.id}`;
  const hashes = file.hashes as Readonly<Record<string, string>>;
  const said = judgeFlag(file);
  const flag = said ?? (mayHoldPickles(file.name) ? recallFlag(catalog, { key, hashes }) : null);
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
    isTaken: (wish) => hasOthersSidecars(context, { model, version, file }, wish),
    sizeBytes: file.sizeBytes,
    hashes,
    source: JSON.stringify(source),
    hints: [file.fp, file.quantType, file.size, String(file.id)].filter((hint) => hint !== null),
    // What is deferred comes later by itself, without being planned again.
    verdict: plan.verdict?.state === "refused" ? plan.verdict : refusal ?? plan.verdict,
    isFlagged: isAllowed,
  });
  const isHeldUp = plan.verdict?.state === "refused" || (isAllowed && plan.verdict !== null);
  if (flag !== null && item.state !== "done" && !isHeldUp) report.flagged(item.path, flag);
  if (said !== null && item.state === "done" && !isFlaggedPath(item.path)) {
    context.onEvent({ type: "warning", message: `"${item.path}" is there and stays where it is, but ${said}` });
  }
  // The run writes sidecars where this is absent: new files, and files whose version was edited.
  const isOutdated = item.sidecarDigest !== null && item.sidecarDigest !== digest;
  if (item.state === "done" && isOutdated) catalog.setSidecarDigest(item.key, null);
  return item;
}

/** Whether an image is of a wanted maturity. One that nobody has rated is wanted only where every maturity is. */
export function isWantedImage(
  { nsfwLevel }: Pick<ImageItem, "nsfwLevel">,
  context: Pick<PlanContext, "choice">,
): boolean {
  const { levels } = context.choice;
  if (nsfwLevel === 0) return levels === DEFAULT_CHOICE.levels;
  return (nsfwLevel & ~levels) === 0;
}

/** One image to plan. */
export interface ImagePlan {
  /** The image. */
  readonly image: ImageItem;
  /** What it is here. */
  readonly kind: "preview" | "gallery" | "image";
  /** The version that it shows; `null` for a user's own images. */
  readonly owner: PlannedVersion | null;
  /** Where it goes; made from the gallery's rule when absent. */
  readonly path?: string | undefined;
  /** How many were placed before in the same folder. */
  readonly position?: number | undefined;
}

/**
 * Plan one image.
 *
 * @param context What planning needs
 * @param plan The image and its place
 */
export function planImage(context: PlanContext, plan: ImagePlan): void {
  const { image, kind, owner, position = 0 } = plan;
  const { layout, template } = context.choice;
  const ext = ENDINGS[image.type];
  planItem(context, {
    key: owner === null ? `image:${image.id}` : `${kind}:${owner.versionId}:${image.id}`,
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
  });
}
