import { formatCount } from "../../base/mod.ts";
import { pooledMap } from "@std/async";
import type { ImageItem } from "../../civitai/mod.ts";
import { warnOfMismatches } from "./_warn_of_mismatches.ts";
import { type Catalog, imagePath, parseImageFolder, planImageFolder } from "../../library/mod.ts";
import { planOrReport } from "./_plan_or_report.ts";
import { noteUnreadable } from "./report/note_unreadable.ts";
import { galleryKey, galleryScope } from "./gallery_scope.ts";
import { keepImageFacts, keepSample } from "./image_facts.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { isUntouched, planItem } from "./plan_item.ts";
import { galleryTarget, imagesTarget } from "./target_name.ts";
import { ENDINGS, isWantedImage, planImage, type PlannedVersion } from "./plan_model.ts";

/** Number of consecutive galleries that cannot be listed, after which the others are left for a later run. */
const MAX_LOST_GALLERIES = 3;

/** Pictures of a gallery whose prompts are kept, as examples. */
const SAMPLES = 8;

/**
 * Plan the community images of versions, several galleries at once if the context allows it. A gallery that cannot be
 * listed is reported, and the others continue.
 *
 * @param context Catalog, client and settings of the run
 * @param versions Versions whose galleries are planned
 */
export async function planGalleries(context: SettledPlanning, versions: readonly PlannedVersion[]): Promise<void> {
  if (context.choice.gallery === 0) return;
  try {
    for await (const _ of pooledMap(context.concurrency, versions, (version) => attemptGallery(context, version)));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

async function attemptGallery(context: SettledPlanning, version: PlannedVersion): Promise<void> {
  const { service, client, choice, onEvent, library: { catalog } } = context;
  if (service.lostGalleries >= MAX_LOST_GALLERIES) return void service.skippedGalleries++;
  const name = galleryTarget(version.versionId);
  const key = galleryKey(version.versionId, galleryScope(client, choice));
  const hasFailedBefore = catalog.listing(key)?.complete === false;
  const failure = await planOrReport(context, { name }, () => planGallery(context, version));
  service.lostGalleries = failure === null ? 0 : service.lostGalleries + 1;
  if (failure !== null) catalog.saveListing(key, { cursor: null, pages: 0, seen: 0, complete: false });
  // There are too many galleries to name each of them in the log.
  else if (hasFailedBefore) onEvent({ type: "listed", target: name });
}

/** Report how many galleries were skipped; call this after all targets are planned. */
export function reportSkippedGalleries({ service, report }: SettledPlanning): void {
  const { skippedGalleries, lostGalleries } = service;
  if (skippedGalleries === 0) return;
  const what = formatCount(skippedGalleries, "more gallery was", "more galleries were");
  const message = `Cannot list galleries: ${lostGalleries} in a row failed, and ${what} not requested`;
  report.addProblem({ name: "galleries" }, "network", message);
}

/**
 * Plan the community images of a version: from the API, or from the catalog while its last listing is fresh.
 *
 * @param context Catalog, client and settings of the run
 * @param version The version that owns the gallery
 */
async function planGallery(context: SettledPlanning, version: PlannedVersion): Promise<void> {
  const { library: { catalog }, client, choice, clock, signal } = context;
  const key = galleryKey(version.versionId, galleryScope(client, choice));
  const before = catalog.listing(key);
  const isYoung = choice.galleryAgeMs > 0 && clock.now() - (before?.updatedAt ?? -Infinity) < choice.galleryAgeMs;
  const isFresh = isYoung && before?.complete === true;
  if (isFresh && isComplete(context, version)) return planKnownGallery(context, version);
  let position = 0;
  let samples = 0;
  let isWhole = true;
  const query = { modelVersionId: version.versionId, browsingLevel: choice.levels };
  for await (const page of client.listImages(query, { signal })) {
    catalog.transaction(() => {
      for (const image of page.items) {
        if (position >= choice.gallery) break;
        if (!isWantedImage(image, context)) continue;
        planImage(context, { image, kind: "gallery", owner: version, position: position++ });
        if (samples < SAMPLES && keepSample(catalog, image)) samples++;
      }
    });
    if (position >= choice.gallery) break;
    noteUnreadable(context, `gallery of version ${version.versionId}`, page.unreadable);
    isWhole &&= page.unreadable === undefined;
  }
  catalog.saveListing(key, { cursor: null, pages: 1, seen: position, complete: isWhole });
}

/** Add the known images of a gallery that is not listed again to this run. */
function planKnownGallery(context: SettledPlanning, { modelId, versionId }: PlannedVersion): void {
  const { library: { catalog }, choice } = context;
  catalog.transaction(() => {
    const done = catalog.items({ modelId, kinds: ["gallery"], states: ["done"] });
    for (const item of done.filter((one) => one.versionId === versionId).take(choice.gallery)) {
      planItem(context, { ...item, path: () => item.path, hints: [], verdict: null });
    }
  });
}

/** Whether all known images of a gallery are done and on disk; if not, it is listed again to plan them in this run. */
function isComplete(context: SettledPlanning, version: PlannedVersion): boolean {
  const { modelId, versionId } = version;
  return context.library.catalog.items({ modelId, kinds: ["gallery"], states: ["planned", "failed", "done"] })
    .filter((item) => item.versionId === versionId)
    .every((item) => item.state === "done" && isUntouched(context, item));
}

/**
 * Plan the images that a user posted, the images of a post, or one image.
 *
 * @param context Catalog, client and settings of the run
 * @param query The user's name, the id of the post, or the id of the image
 * @returns Number of planned images, at most `Choice.maxImages`
 *
 * @example
 * ```ts
 * import { type SettledPlanning, planPostedImages } from "@civitai-dl/civitai-dl/downloader";
 *
 * async function planUser(context: SettledPlanning, username: string): Promise<void> {
 *   const count = await planPostedImages(context, { username });
 *   console.log(`${count} of at most ${context.choice.maxImages} images are planned`);
 * }
 * ```
 */
export async function planPostedImages(
  context: SettledPlanning,
  query: { readonly username?: string; readonly imageId?: number; readonly postId?: number },
): Promise<number> {
  const { library: { catalog }, client, choice, signal } = context;
  let position = 0;
  const folders = new Map<string | null, string>();
  if (choice.maxImages === 0) return 0;
  const pages = client.listImages({ ...query, browsingLevel: choice.levels }, { signal });
  // For a single image, the API also returns the images after it; these need no warning.
  const isSingle = query.imageId !== undefined;
  for await (const page of isSingle ? pages : warnOfMismatches(context, imagesName(query), pages)) {
    catalog.transaction(() => {
      for (const image of page.items) {
        if (position >= choice.maxImages) break;
        if (!isWantedImage(image, context)) continue;
        const folder = folders.get(image.username) ?? imageFolder(catalog, image.username);
        folders.set(image.username, folder);
        planPosted(context, image, { folder, position: position++ });
      }
    });
    if (position >= choice.maxImages) break;
    noteUnreadable(context, imagesName(query), page.unreadable);
  }
  return position;
}

/** Name of a listing of images in reports. */
function imagesName(query: Parameters<typeof planPostedImages>[1]): string {
  const { username, imageId, postId } = query;
  if (username !== undefined) return imagesTarget(username).name;
  return imageId === undefined ? `post:${postId}` : `image:${imageId}`;
}

/**
 * Choose the folder for a user's images. An existing folder keeps its spelling. Two users never share a
 * folder, even on a file system that ignores case, since each folder has one `images_metadata.json`.
 */
function imageFolder(catalog: Catalog, username: string | null): string {
  const name = planImageFolder(username);
  for (let number = 1;; number++) {
    const folder = number === 1 ? name : `${name} [${number}]`;
    const [occupant] = catalog.imagesIn(folder, { limit: 1 });
    if (occupant === undefined) return folder;
    if ((occupant.creator ?? "").toLowerCase() === (username ?? "").toLowerCase()) {
      return parseImageFolder(occupant.path);
    }
  }
}

interface PostedPlace {
  readonly folder: string;
  readonly position: number;
}

function planPosted(context: SettledPlanning, image: ImageItem, { folder, position }: PostedPlace): void {
  const path = imagePath({ folder, imageId: image.id, ext: ENDINGS[image.type], position });
  planImage(context, { image, kind: "image", owner: null, path });
  keepImageFacts(context.library.catalog, image);
}
