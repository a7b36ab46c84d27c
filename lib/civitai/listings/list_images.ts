import { isSameUsername } from "../_is_same_username.ts";
import { rejectUnfilteredPage } from "./_reject_unfiltered_page.ts";
import type { ApiCall, Requester } from "../requests/requester.ts";
import { walkPages } from "./_walk_pages.ts";
import type { ImageItem, Page } from "../shapes/entities.ts";
import { type ImageQuery, imageSearchParams } from "./image_query.ts";
import type { ListImagesOptions } from "./list_options.ts";
import { parseImagePage } from "../shapes/parse_image_page.ts";

/** Walk /images, and keep only what matches the query. */
export function listImages(
  requester: Requester,
  query: ImageQuery,
  options: ListImagesOptions,
): AsyncIterable<Page<ImageItem>> {
  const { expectsItems = false, signal } = options;
  const parameters = imageSearchParams(query);
  const what = describe(query);
  const fits = (image: ImageItem): boolean => isWanted(image, query);
  let isChecked = query.imageId !== undefined;
  return walkPages(async (cursor) => {
    const search = new URLSearchParams(parameters);
    if (cursor !== null) search.set("cursor", cursor);
    const call: ApiCall = { what, path: "/api/v1/images", query: search, lane: "image", signal };
    const firstRechecks = expectsItems ? 2 : 0;
    // A page that was announced should not be empty either, but the listing may end exactly at a page boundary.
    const page = await readPage(requester, call, { rechecks: cursor === null ? firstRechecks : 1 });
    if (!isChecked) rejectUnfilteredPage(page.items, fits, what);
    isChecked ||= page.items.length > 0;
    // The image is on the first page or nowhere; later pages contain other images.
    return query.imageId === undefined ? page : { ...page, nextCursor: null };
  }, { ...options, what, fits });
}

/**
 * Read a page. A timeout of the server's database looks like an empty last page, so such a page is read again up to
 * `rechecks` times.
 */
async function readPage(
  requester: Requester,
  call: ApiCall,
  options: { readonly rechecks: number },
): Promise<Page<ImageItem>> {
  for (let rechecks = options.rechecks;; rechecks--) {
    const page = await requester.json(call, parseImagePage);
    const isEmptyEnd = page.items.length === 0 && page.nextCursor === null;
    if (!isEmptyEnd || rechecks === 0) return page;
  }
}

function isWanted(image: ImageItem, query: ImageQuery): boolean {
  const { imageId, postId, username } = query;
  if (imageId !== undefined && image.id !== imageId) return false;
  if (postId !== undefined && image.postId !== null && image.postId !== postId) return false;
  return username === undefined || image.username === null || isSameUsername(image.username, username);
}

function describe(query: ImageQuery): string {
  const { imageId, postId, modelVersionId, username } = query;
  if (imageId !== undefined) return `find image ${imageId}`;
  if (postId !== undefined) return `list images of post ${postId}`;
  const parts = [
    ...(modelVersionId === undefined ? [] : [` of version ${modelVersionId}`]),
    ...(username === undefined ? [] : [` of user "${username}"`]),
  ];
  return `list images${parts.join("")}`;
}
