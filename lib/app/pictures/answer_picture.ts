import type { RouteAnswer, RouteInput } from "../http/route.ts";
import { namesTag } from "./_entity_tag.ts";
import { MEDIA_TYPES } from "./picture_types.ts";
import type { Picture } from "./preview_cache.ts";

/** How long a client may use a picture without asking again. */
export const FOREVER = "public, max-age=31536000, immutable";

/** Answer a request for a picture, always with all of it: Chrome caches no part. */
export function answerPicture(
  { bytes, sha256, format }: Picture,
  { header }: Pick<RouteInput<unknown, unknown>, "header">,
): RouteAnswer {
  const etag = `"${sha256}"`;
  const headers = { "content-type": MEDIA_TYPES[format], "cache-control": FOREVER, etag, "accept-ranges": "none" };
  if (namesTag(header("if-none-match"), etag)) return { status: 304, headers, body: null };
  return { status: 200, headers, body: bytes };
}
