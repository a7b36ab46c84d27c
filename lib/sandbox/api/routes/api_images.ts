import type { ApiCall } from "../api_call.ts";
import { zodResponse } from "../api_errors.ts";
import { PAGE_CAP } from "./api_models.ts";
import { type HttpResponse, jsonResponse, textResponse } from "../../http/http_message.ts";
import { type ImageQuery, readImageQuery } from "../query/image_query.ts";
import { nextPageUrl } from "../query/next_page.ts";
import { HUGE_SEED, imageMeta, renderGalleryImage } from "../render/render_image.ts";
import { rollUnit } from "../../_roll.ts";
import type { World } from "../../_world.ts";
import type { CatalogImage } from "../../catalog/catalog_model.ts";

/** The number of images after which a listing ends on the live service, even if there are more. */
const STREAM_END = 50_000;

/** A page of images, and the cursor of the next page. */
interface Found {
  readonly images: readonly CatalogImage[];
  readonly nextCursor: string | number | null;
}

/** `GET /images`: the community's images, by page. */
export function listImages(call: ApiCall): HttpResponse {
  const { world, request } = call;
  const query = readImageQuery(call);
  if (!("limit" in query)) return zodResponse(query);
  const { page, limit } = query;
  if (page !== null && page * limit > 1000) return jsonResponse(429, PAGE_CAP);
  // Queries by model alone or by image take a different, slower path, which nests the metadata and uses ids as cursors.
  const isSlow = query.imageId !== null || (query.modelId !== null && query.versionId === null);
  const found = isSlow ? bySlowPath(world, query) : bySearch(world, query);
  if (typeof found === "string") return jsonResponse(400, { error: found, code: "BAD_REQUEST" });
  const form = { withMeta: query.withMeta, nestMeta: isSlow && !query.flatMeta, withTags: query.withTags };
  const items = found.images.map((image) => renderGalleryImage(world, image, form));
  const { nextCursor } = found;
  const metadata = {
    ...(nextCursor === null ? {} : { nextCursor }),
    ...(page === null ? {} : { currentPage: page, pageSize: limit }),
    // A page that was requested by number links to the next number, but that page shows the same images.
    ...(nextCursor === null
      ? {}
      : { nextPage: nextPageUrl(request.url, page === null ? { cursor: `${nextCursor}` } : { page: `${page + 1}` }) }),
  };
  const text = JSON.stringify({ items, metadata }).replaceAll(`"${HUGE_SEED}"`, HUGE_SEED.slice(1, -1));
  return textResponse(200, text, "application/json; charset=utf-8");
}

/** Page by offset; the parameter `page` has no effect. */
function bySearch(world: World, query: ImageQuery): Found | string {
  const match = /^(\d+)\|\d+$/.exec(query.cursor ?? `0|${world.startedMs}`);
  if (match === null) return `Invalid cursor: "${query.cursor}" cannot be parsed`;
  const offset = Number(match[1]);
  const images: CatalogImage[] = [];
  let place = 0;
  for (const image of candidates(world, query)) {
    if (!matches(world, query, image)) continue;
    if (images.length === query.limit) {
      const isOver = offset + query.limit >= STREAM_END || query.limit === 0;
      return { images, nextCursor: isOver ? null : `${offset + query.limit}|${world.startedMs}` };
    }
    if (place++ >= offset) images.push(image);
  }
  return { images, nextCursor: null };
}

/** Page by id, the highest first; the cursor is an id, and the parameter `page` works. */
function bySlowPath(world: World, query: ImageQuery): Found | string {
  const { limit, page, cursor } = query;
  if (cursor !== null && !/^\d+$/.test(cursor)) return `Invalid cursor: "${cursor}" is no number`;
  const all = [...candidates(world, query)]
    .filter((image) => matches(world, query, image) && (cursor === null || image.id <= Number(cursor)))
    .sort((a, b) => b.id - a.id);
  const start = cursor === null && page !== null && page > 0 ? (page - 1) * limit : 0;
  const next = all[start + limit];
  return { images: all.slice(start, start + limit), nextCursor: next === undefined || limit === 0 ? null : next.id };
}

/**
 * Return the images of the narrowest filter that is set: image, post, version, model or user; all images without one.
 */
function candidates(world: World, query: ImageQuery): Iterable<CatalogImage> {
  const { catalog } = world;
  const { sort, imageId, postId, versionId, modelId, username } = query;
  if (imageId !== null) return [catalog.image(imageId)].filter((image) => image !== null);
  if (postId !== null) return inOrder(world, sort, catalog.gallery.ofPost(postId));
  if (versionId !== null) {
    return inOrder(world, sort, catalog.version(versionId) === null ? [] : catalog.galleryOf(versionId));
  }
  if (modelId !== null) return catalog.model(modelId)?.versions.flatMap((it) => [...catalog.galleryOf(it.id)]) ?? [];
  if (username === null) return catalog.gallery.all(sort === "Oldest" ? "oldest" : "newest");
  const creator = catalog.creatorByName(username);
  return creator === null ? [] : inOrder(world, sort, catalog.gallery.ofCreator(creator.index));
}

function inOrder(world: World, sort: string, images: Iterable<CatalogImage>): readonly CatalogImage[] {
  const { seed } = world.catalog.settled;
  const rank = (image: CatalogImage): number => {
    if (sort === "Newest") return -image.createdAtMs;
    return sort === "Oldest" ? image.createdAtMs : -rollUnit(seed, "like", image.id);
  };
  return [...images].map((image) => ({ image, rank: rank(image) }))
    .sort((a, b) => a.rank - b.rank || a.image.id - b.image.id)
    .map(({ image }) => image);
}

function matches(world: World, query: ImageQuery, image: CatalogImage): boolean {
  const { catalog } = world;
  if ((image.nsfwLevel & query.levels) === 0) return false;
  if (query.type !== null && image.type !== query.type) return false;
  if (query.versionId !== null && image.versionId !== query.versionId) return false;
  if (query.postId !== null && image.postId !== query.postId) return false;
  if (query.username !== null && image.username?.toLowerCase() !== query.username.toLowerCase()) return false;
  if (query.requiringMeta && imageMeta(catalog.settled.seed, image) === null) return false;
  if (query.baseModels.length > 0) {
    const version = image.versionId === null ? null : catalog.version(image.versionId);
    if (version === null || !query.baseModels.includes(version.baseModel)) return false;
  }
  return world.now() - image.createdAtMs <= query.periodMs;
}
