import { pooledMap } from "@std/async";
import type { ImageItem } from "../../civitai/mod.ts";
import { warnOfStrangers } from "./_warn_of_strangers.ts";
import { type Catalog, imagePath, safeName } from "../../library/mod.ts";
import { attemptPart } from "./_attempt_part.ts";
import { noteUnreadable } from "./note_unreadable.ts";
import { galleryKey, galleryScope } from "./gallery_scope.ts";
import type { PlanContext } from "./plan_context.ts";
import { isUntouched, planItem } from "./plan_item.ts";
import { ENDINGS, isWantedImage, planImage, type PlannedVersion } from "./plan_model.ts";

/** After this many galleries in a row that cannot be listed, the others are left for a later run. */
const MAX_LOST_GALLERIES = 3;

/**
 * Plan the community images of versions, several at once where the context allows it. One that cannot be listed is
 * reported, and the others go on.
 *
 * @param context What planning needs
 * @param versions The versions
 */
export async function planGalleries(context: PlanContext, versions: readonly PlannedVersion[]): Promise<void> {
  if (context.choice.gallery === 0) return;
  try {
    for await (const _ of pooledMap(context.concurrency ?? 1, versions, (version) => attemptGallery(context, version)));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

async function attemptGallery(context: PlanContext, version: PlannedVersion): Promise<void> {
  const { service } = context;
  if (service.lostGalleries >= MAX_LOST_GALLERIES) return void service.skippedGalleries++;
  const name = `gallery of version:${version.versionId}`;
  const failure = await attemptPart(context, name, () => planGallery(context, version));
  service.lostGalleries = failure === null ? 0 : service.lostGalleries + 1;
}

/** Report how many galleries were skipped, once all targets are planned. */
export function reportSkippedGalleries({ service, report }: PlanContext): void {
  const { skippedGalleries, lostGalleries } = service;
  if (skippedGalleries === 0) return;
  const what = skippedGalleries === 1 ? "1 more gallery was" : `${skippedGalleries} more galleries were`;
  const message = `Cannot list galleries: ${lostGalleries} in a row failed, and ${what} not asked for`;
  report.problem("galleries", "network", message);
}

/**
 * Plan the community images of a version.
 *
 * @param context What planning needs
 * @param version The version
 */
async function planGallery(context: PlanContext, version: PlannedVersion): Promise<void> {
  const { library: { catalog }, client, choice, clock, signal } = context;
  const key = galleryKey(version.versionId, galleryScope(client, choice));
  const before = catalog.listing(key);
  const isYoung = choice.galleryAgeMs > 0 && clock.now() - (before?.updatedAt ?? -Infinity) < choice.galleryAgeMs;
  const isFresh = isYoung && before?.complete === true;
  if (isFresh && isComplete(context, version)) return planKnownGallery(context, version);
  let position = 0;
  let isWhole = true;
  const query = { modelVersionId: version.versionId, browsingLevel: choice.levels };
  for await (const page of client.listImages(query, { signal })) {
    catalog.transaction(() => {
      for (const image of page.items) {
        if (position >= choice.gallery) break;
        if (!isWantedImage(image, context)) continue;
        planImage(context, { image, kind: "gallery", owner: version, position: position++ });
      }
    });
    if (position >= choice.gallery) break;
    noteUnreadable(context, `gallery of version ${version.versionId}`, page.unreadable);
    isWhole &&= page.unreadable === undefined;
  }
  catalog.saveListing(key, { cursor: null, pages: 1, seen: position, complete: isWhole });
}

/** Add the known images of a gallery that is not listed again to this run. */
function planKnownGallery(context: PlanContext, { modelId, versionId }: PlannedVersion): void {
  const { library: { catalog }, choice } = context;
  catalog.transaction(() => {
    const done = catalog.items({ modelId, kinds: ["gallery"], states: ["done"] });
    for (const item of done.filter((one) => one.versionId === versionId).take(choice.gallery)) {
      planItem(context, { ...item, path: () => item.path, hints: [], verdict: null });
    }
  });
}

/** Plan again what failed, was not finished or is gone from the disk, as part of this run. */
function isComplete(context: PlanContext, version: PlannedVersion): boolean {
  const { modelId, versionId } = version;
  return context.library.catalog.items({ modelId, kinds: ["gallery"], states: ["planned", "failed", "done"] })
    .filter((item) => item.versionId === versionId)
    .every((item) => item.state === "done" && isUntouched(context, item));
}

/**
 * Plan the images that a user posted, or that an image or post id names.
 *
 * @param context What planning needs
 * @param query Whose, or which
 * @returns How many were planned
 */
export async function planPostedImages(
  context: PlanContext,
  query: { readonly username?: string; readonly imageId?: number; readonly postId?: number },
): Promise<number> {
  const { library: { catalog }, client, choice, signal } = context;
  let position = 0;
  const folders = new Map<string | null, string>();
  if (choice.maxImages === 0) return 0;
  const pages = client.listImages({ ...query, browsingLevel: choice.levels }, { signal });
  // What stands beside one image on its page is no stranger: the API gives the images after it too.
  const isOne = query.imageId !== undefined;
  for await (const page of isOne ? pages : warnOfStrangers(context, imagesName(query), pages)) {
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

/** How a listing of images is called where its entries are named. */
function imagesName(query: Parameters<typeof planPostedImages>[1]): string {
  const { username, imageId, postId } = query;
  if (username !== undefined) return `images of user:${username}`;
  return imageId === undefined ? `post:${postId}` : `image:${imageId}`;
}

/**
 * The folder below `images/` of a user's images: spelled as it is there already, and never one that another user has on
 * some system, since each has its `images_metadata.json`.
 */
function imageFolder(catalog: Catalog, username: string | null): string {
  const name = safeName(username ?? "", { fallback: "unknown" });
  for (let number = 1;; number++) {
    const folder = number === 1 ? name : `${name} [${number}]`;
    const [there] = catalog.imagesIn(`images/${folder}`, { limit: 1 });
    if (there === undefined) return folder;
    if ((there.creator ?? "").toLowerCase() === (username ?? "").toLowerCase()) return there.path.split("/")[1]!;
  }
}

interface PostedPlace {
  readonly folder: string;
  readonly position: number;
}

function planPosted(context: PlanContext, image: ImageItem, { folder, position }: PostedPlace): void {
  const path = imagePath({ username: folder, imageId: image.id, ext: ENDINGS[image.type], position });
  planImage(context, { image, kind: "image", owner: null, path });
  const { url: _url, ...facts } = image;
  context.library.catalog.remember(`image:${image.id}`, JSON.stringify(facts));
}
