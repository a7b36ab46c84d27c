import type { SettledCatalog } from "./settled_catalog.ts";
import { showcaseIdOf } from "./ids.ts";
import { imageUuid } from "./image_uuid.ts";
import { rollPick, rollRange, rollUnit } from "../_roll.ts";
import type { CatalogImage } from "./catalog_model.ts";

const SHAPES: readonly (readonly [number, number])[] = [[832, 1216], [1216, 832], [1024, 1024], [512, 768]];
const STILLS = ["jpeg", "jpeg", "png", "webp"] as const;
const LEVELS = [1, 2, 4, 8, 16];
/** Sizes of images in bytes. */
const IMAGE_BYTES = { min: 2048, max: 16_384 };

/** The properties that determine an image in addition to its id. */
export interface ImageOwner {
  readonly username: string | null;
  readonly postId: number;
  readonly createdAtMs: number;
  readonly versionId: number | null;
  /** Bits of the maturity levels that it may have. */
  readonly nsfwLevel: number;
  /** Whether it may be a sound, or have unknown dimensions. */
  readonly isCommunity: boolean;
}

const ENCODINGS = { video: "mp4", audio: "mp3" } as const;

/**
 * Make an image from its id.
 *
 * @param settled The options of the catalog
 * @param id Id of the image
 * @param owner Author, post, version and maturity
 * @returns The image
 */
export function makeImage(settled: SettledCatalog, id: number, owner: ImageOwner): CatalogImage {
  const { seed } = settled;
  const { nsfwLevel, isCommunity, ...rest } = owner;
  const chance = rollUnit(seed, "media", id);
  const other = chance < 0.14 && isCommunity ? "audio" : "image";
  const type = chance < 0.12 ? "video" : other;
  const encoding = type === "image" ? rollPick(STILLS, seed, "encoding", id) : ENCODINGS[type];
  const isMeasured = type !== "audio" && !(isCommunity && rollUnit(seed, "measured", id) < 0.03);
  const [width, height] = rollPick(SHAPES, seed, "shape", id);
  const levels = LEVELS.filter((level) => (level & nsfwLevel) !== 0);
  return {
    id,
    uuid: imageUuid(seed, id),
    type,
    encoding,
    ...rest,
    width: isMeasured ? width : null,
    height: isMeasured ? height : null,
    nsfwLevel: rollPick(levels, seed, "image-level", id),
    // RIFF files have even sizes.
    sizeBytes: rollRange(IMAGE_BYTES, seed, "image-size", id) & (encoding === "webp" ? ~1 : ~0),
  };
}

/**
 * Make the showcase of a version.
 *
 * @param settled The options of the catalog
 * @param versionId The version
 * @param owner The properties that its images share
 * @returns The images
 */
export function makeShowcase(
  settled: SettledCatalog,
  versionId: number,
  owner: Omit<ImageOwner, "postId" | "versionId" | "isCommunity">,
): readonly CatalogImage[] {
  const count = rollRange(settled.imagesPerVersion, settled.seed, "showcase", versionId);
  return Array.from({ length: count }, (_, index) => {
    const place = { versionId, postId: versionId + 5_000_000, isCommunity: false };
    return makeImage(settled, showcaseIdOf(versionId, index), { ...owner, ...place });
  });
}
