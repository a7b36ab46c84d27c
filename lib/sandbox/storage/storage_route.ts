import { Buffer } from "node:buffer";
import type { FaultPlan } from "../faults/fault_plan.ts";
import {
  bytesBody,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  textResponse,
  xmlErrorResponse,
} from "../http/http_message.ts";
import { imageIdOf } from "../catalog/image_uuid.ts";
import { objectResponse } from "./_object_response.ts";
import { IMAGE_KEY } from "../api/render/render_image.ts";
import { roll, rollUnit } from "../_roll.ts";
import { checkSignature } from "./_signed_url.ts";
import type { World } from "../_world.ts";
import type { CatalogFile, CatalogImage } from "../catalog/catalog_model.ts";
import { imageBytes } from "../content/image_bytes.ts";
import { stillPicture, stillWidth } from "../content/still_picture.ts";

const CONTENT_TYPES = { jpeg: "image/jpeg", png: "image/png", webp: "image/webp", mp4: "video/mp4", mp3: "audio/mpeg" };

/** Return the file that a storage path refers to, or `null`. The part before the extension is its id, in base 36. */
export function fileOfPath(world: World, path: string): CatalogFile | null {
  const word = path.split(".").at(-2) ?? "";
  if (!path.startsWith("/model/") || !/^[0-9a-z]+$/.test(word)) return null;
  const file = world.catalog.file(Number.parseInt(word, 36));
  return file?.storagePath === path ? file : null;
}

/** Return the image that a path refers to, or `null`. */
export function imageOfPath(world: World, path: string): CatalogImage | null {
  const match = new RegExp(`^/(?:${IMAGE_KEY}|file/civitai-media-cache)/([0-9a-f-]{36})/`).exec(path);
  const id = match === null ? null : imageIdOf(world.catalog.settled.seed, match[1]!);
  return id === null ? null : world.catalog.image(id);
}

/** Respond to a request for a model file, which must be signed and must not contain a token. */
export function fileResponse(world: World, request: HttpRequest, faults: FaultPlan): HttpResponse {
  if (request.headers.has("authorization")) {
    return xmlErrorResponse(400, "InvalidRequest", "Missing x-amz-content-sha256");
  }
  if (request.method !== "GET") return xmlErrorResponse(403, "SignatureDoesNotMatch", "The request was signed for GET");
  const signature = checkSignature(world.secret, request.url, world.now());
  if (signature === "expired") return xmlErrorResponse(403, "ExpiredRequest", "Request has expired");
  if (signature === "unsigned") return xmlErrorResponse(403, "SignatureDoesNotMatch", "The signature does not match");
  const file = fileOfPath(world, request.url.pathname);
  if (file === null) return xmlErrorResponse(404, "NoSuchKey", "The specified key does not exist.");
  if (world.log.activeDownloads >= world.maxStorageConnections) {
    world.log.addViolation({ type: "tooManyConnections", at: world.now(), path: request.url.pathname });
    return jsonResponse(503, { code: "too_many_requests", message: "too many concurrent downloads", status: 503 });
  }
  const isZip = file.storedName.endsWith(".zip");
  const disposition = request.url.searchParams.get("response-content-disposition");
  const object = {
    body: {
      sizeBytes: file.sizeBytes,
      read: (start: number, target: Uint8Array) => world.content.read(file, start, target),
    },
    etag: etagOf(world, file),
    lastModifiedMs: world.catalog.version(file.versionId)!.publishedAtMs,
    headers: {
      "Content-Type": isZip ? "application/zip" : "application/octet-stream",
      ...(disposition === null ? {} : { "Content-Disposition": disposition }),
    },
  };
  return {
    ...objectResponse(object, request, faults),
    onBytes: (count) => world.log.addBytes("storage", count),
    onEnd: world.log.beginDownload(),
  };
}

/** Width of a still of a video without a requested width, in pixels. */
const STILL_WIDTH = 450;

/**
 * Respond to a request for an image. Some requests are redirected to another path on the same host. A request for a
 * width gets a resized picture, one with `anim=false` a still of a video.
 */
export function imageResponse(
  world: World,
  request: HttpRequest,
  image: CatalogImage,
  faults: FaultPlan,
): HttpResponse {
  const { seed } = world.catalog.settled;
  const { pathname } = request.url;
  const width = wantedWidth(pathname, image);
  if (pathname.startsWith(`/${IMAGE_KEY}/`) && rollUnit(seed, "moved", image.id) < 0.1) {
    const variant = width === null ? "original" : `anim=false,width=${width}`;
    return textResponse(302, "", "text/plain", { Location: `/file/civitai-media-cache/${image.uuid}/${variant}` });
  }
  // The original variant of a video may be a still image; a transcoded variant never is.
  const isStill = image.type === "video" && pathname.includes("/original=true/") &&
    rollUnit(seed, "still", image.id) < 0.3;
  const shown: CatalogImage = isStill ? { ...image, encoding: "jpeg" } : image;
  const isMislabeled = rollUnit(seed, "mislabelled", image.id) < 0.05;
  const object = {
    body: bytesBody(width === null ? imageBytes(shown) : stillPicture(image, width)),
    etag: `"${roll(seed, "image-etag", image.id, ...width === null ? [] : [width]).toString(16)}"`,
    lastModifiedMs: image.createdAtMs,
    headers: { "Content-Type": isMislabeled ? "text/plain" : CONTENT_TYPES[width === null ? shown.encoding : "png"] },
  };
  return { ...objectResponse(object, request, faults), onBytes: (count) => world.log.addBytes("image", count) };
}

/** Return the width of the still picture that a path requests; `null` if it requests the image or video itself. */
function wantedWidth(pathname: string, image: CatalogImage): number | null {
  const parameters = (pathname.split("/").find((part) => part.includes("=")) ?? "").split(",");
  const width = /^width=([1-9]\d{0,4})$/.exec(parameters.find((one) => one.startsWith("width=")) ?? "")?.[1];
  const isStill = image.type === "image" ? width !== undefined : parameters.includes("anim=false");
  if (image.type === "audio" || !isStill) return null;
  return stillWidth(image, width === undefined ? STILL_WIDTH : Number(width));
}

/** Build an ETag like that of a multipart upload, which is not a hash of the content. */
function etagOf(world: World, file: CatalogFile): string {
  const { seed } = world.catalog.settled;
  const words = [0, 1, 2, 3].map((part) => roll(seed, "etag", file.contentId, part));
  const hex = Buffer.from(new Uint32Array(words).buffer).toString("hex");
  return `"${hex}-${Math.ceil(file.sizeBytes / 10_485_760)}"`;
}
