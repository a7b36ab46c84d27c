import * as z from "zod";
import { asRecord } from "./_as_record.ts";
import { field } from "./_field.ts";
import { parseEntry } from "./_parse_shape.ts";
import { ShapeError } from "./shape_error.ts";
import { formatValue } from "./_format_value.ts";
import type { ImageItem } from "./entities.ts";

const LEVELS: Readonly<Record<string, number>> = { None: 1, Soft: 2, Mature: 4, X: 8, XXX: 16, Blocked: 32 };

/** Whether the text is an http or https URL; nothing else can be fetched. */
function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

/** All maturity bits. A higher value would be dropped as too mature, without a message. */
const MAX_LEVEL = 63;

const imageSchema = z.looseObject({
  id: field.id.nullable().default(null).catch(null),
  url: z.string().refine(isWebAddress),
  type: z.enum(["image", "video", "audio"]).nullable().default(null).catch(null),
  width: field.number,
  height: field.number,
  nsfwLevel: z.union([z.number(), z.string()]).nullable().default(null).catch(null),
  browsingLevel: field.number,
  username: field.name,
  postId: field.number,
  createdAt: field.date,
  meta: field.fields,
});

/**
 * Parse an image of a showcase, a gallery or a user's feed. Showcase images of a model have no id field; their id is
 * the file name in the URL.
 *
 * @param json The decoded entry
 * @returns The image
 * @throws {SyntaxError} If it has no http or https URL, no id or an impossible maturity, or is nested too deeply
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseImage } from "@civitai-dl/civitai-dl/civitai";
 *
 * const image = parseImage({ url: "https://image.civitai.com/abc/def/width=450/72000003.mp4", nsfwLevel: "Soft" });
 * assertEquals([image.id, image.type, image.nsfwLevel], [72000003, "video", 2]);
 * ```
 */
export function parseImage(json: unknown): ImageItem {
  const image = parseEntry(imageSchema, json, "an image");
  const id = image.id ?? idOfUrl(image.url);
  if (id === null) {
    throw new ShapeError("an image", `neither the entry nor its URL ${formatValue(image.url)} contains an id`);
  }
  const nsfwLevel = image.browsingLevel ?? levelOf(image.nsfwLevel);
  if (!Number.isInteger(nsfwLevel) || nsfwLevel < 0 || nsfwLevel > MAX_LEVEL) {
    throw new ShapeError("an image", `its maturity is ${formatValue(nsfwLevel)}`);
  }
  return {
    id,
    url: image.url,
    type: image.type ?? typeOfUrl(image.url),
    width: image.width,
    height: image.height,
    nsfwLevel,
    username: image.username,
    postId: image.postId,
    createdAt: image.createdAt,
    meta: unnest(image.meta),
  };
}

function idOfUrl(url: string): number | null {
  const digits = /\/([1-9]\d{0,14})(?:\.[a-z0-9]+)?(?:[?#]|$)/i.exec(url)?.[1];
  return digits === undefined ? null : Number(digits);
}

function typeOfUrl(url: string): ImageItem["type"] {
  if (/\.(mp4|webm)(?:[?#]|$)/i.test(url)) return "video";
  return /\.mp3(?:[?#]|$)/i.test(url) ? "audio" : "image";
}

/** Convert a maturity, which is a number in showcases and a word in /images. Unknown words count as 0. */
function levelOf(level: number | string | null): number {
  if (typeof level === "number") return level;
  return level !== null && Object.hasOwn(LEVELS, level) ? LEVELS[level]! : 0;
}

/** Unwrap generation data that some responses nest once more: `{ id, meta }`. */
function unnest(meta: Readonly<Record<string, unknown>> | null): Readonly<Record<string, unknown>> | null {
  if (meta === null || !("meta" in meta)) return meta;
  return Object.keys(meta).every((key) => key === "id" || key === "meta") ? asRecord(meta["meta"]) : meta;
}
