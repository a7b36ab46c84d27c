import { type CatalogItem, isPictureFormat } from "../../library/mod.ts";
import { notFound } from "../http/route_error.ts";
import type { RouteAnswer, RouteInput } from "../http/route.ts";
import { answerFile } from "./answer_file.ts";
import { findItemFile, type ItemFile } from "./item_file.ts";
import { MEDIA_TYPES } from "./picture_types.ts";
import type { StreamSlots } from "./stream_slots.ts";

/** Options of {@linkcode answerLocalPicture}. */
export interface LocalPictureOptions extends Pick<RouteInput<unknown, unknown>, "header" | "signal"> {
  /** The library. */
  readonly root: string;
  readonly slots: StreamSlots;
  /** For how long a client may use the picture without asking again, in seconds. */
  readonly maxAgeSeconds: number;
  /** Whether only a picture will do, since videos cannot stand for one. */
  readonly isStill: boolean;
}

/**
 * Answer a request with the file of a preview, a gallery or a posted image, as it is on disk. A picture is answered
 * whole, a video or a sound also in ranges.
 *
 * @throws {RouteError} 404 if the item has no such file
 * @throws {KitError} `unsafe` if the file is not the verified one
 */
export async function answerLocalPicture(item: CatalogItem, options: LocalPictureOptions): Promise<RouteAnswer> {
  const { root, slots, header, signal, maxAgeSeconds, isStill } = options;
  if (item.kind === "file" || item.state !== "done") throw notFound("Cannot find this picture");
  const file = await findItemFile(root, item);
  const { media } = file;
  if (media === null || (isStill && !isPictureFormat(media))) throw notFound("Cannot find this picture");
  const isWhole = isPictureFormat(media);
  const answer = answerFile(file, {
    etag: etagOf(item, file),
    headers: { "content-type": MEDIA_TYPES[media], "cache-control": `private, max-age=${maxAgeSeconds}` },
    slots,
    signal,
    header: (name) => isWhole && name === "range" ? null : header(name),
  });
  return isWhole ? { ...answer, headers: { ...answer.headers, "accept-ranges": "none" } } : answer;
}

/** Build a strong ETag: of the content, or of what shows a change of it. */
function etagOf({ sha256 }: CatalogItem, { sizeBytes, mtimeMs }: ItemFile): string {
  return sha256 === null ? `"${sizeBytes.toString(36)}-${mtimeMs.toString(36)}"` : `"${sha256}"`;
}
