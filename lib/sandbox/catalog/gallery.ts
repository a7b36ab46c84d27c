import { creatorName } from "./catalog_names.ts";
import type { SettledCatalog } from "./settled_catalog.ts";
import { FIRST_GALLERY_ID, FIRST_POST_ID, STRIDE, versionIdOf } from "./ids.ts";
import { makeImage } from "./_make_image.ts";
import { versionCountOf } from "./make_model.ts";
import { rollUnit } from "../_roll.ts";
import type { CatalogImage } from "./catalog_model.ts";

const MINUTE_MS = 60_000;
const FIRST_POSTED_MS = Date.UTC(2023, 0, 1);
const IMAGES_PER_POST = 3;

/**
 * The community's images. Each version has `galleryPerVersion` slots, and the number of a slot modulo the number of
 * creators determines the author. The images of a version, an author or a post are therefore found without a search.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ size: "tiny", galleryPerVersion: 8 });
 * const { gallery } = sandbox.catalog;
 * const [newest] = gallery.all("newest");
 * assertEquals(gallery.imageById(newest!.id), newest);
 * ```
 */
export class Gallery {
  readonly #settled: SettledCatalog;

  /**
   * Create a gallery; images are generated when they are requested.
   *
   * @param settled The options of the catalog
   */
  constructor(settled: SettledCatalog) {
    this.#settled = settled;
  }

  /** Number of slots; some are empty. */
  get slotCount(): number {
    return this.#settled.models * STRIDE * this.#settled.galleryPerVersion;
  }

  /** Return the image of a slot, or `null` if the slot is empty. */
  imageAt(slot: number): CatalogImage | null {
    const { seed, creators, galleryPerVersion } = this.#settled;
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.slotCount) return null;
    const versionSlot = Math.floor(slot / galleryPerVersion);
    const place = { modelIndex: Math.floor(versionSlot / STRIDE), versionIndex: versionSlot % STRIDE };
    if (place.versionIndex >= versionCountOf(this.#settled, place.modelIndex)) return null;
    const author = slot % creators;
    const isNameless = rollUnit(seed, "nameless", slot) < 0.03;
    const isFree = rollUnit(seed, "free", slot) < 0.1;
    return makeImage(this.#settled, FIRST_GALLERY_ID + slot, {
      username: isNameless ? null : creatorName(author),
      postId: FIRST_POST_ID + Math.floor(Math.floor(slot / creators) / IMAGES_PER_POST) * creators + author,
      createdAtMs: FIRST_POSTED_MS + (slot % 2_000_000) * MINUTE_MS / 2 + slot % 1000,
      versionId: isFree ? null : versionIdOf(place),
      nsfwLevel: rollUnit(seed, "gallery-level", slot) < 0.6 ? 1 : 31,
      isCommunity: true,
    });
  }

  /** The image with an id; `null` if there is none. */
  imageById(id: number): CatalogImage | null {
    return this.imageAt(id - FIRST_GALLERY_ID);
  }

  /** The images posted for a version, by the slot of the version: its id minus that of the first version. */
  *ofVersionSlot(versionSlot: number): Generator<CatalogImage> {
    const { galleryPerVersion } = this.#settled;
    for (let place = 0; place < galleryPerVersion; place++) {
      const image = this.imageAt(versionSlot * galleryPerVersion + place);
      if (image !== null && image.versionId !== null) yield image;
    }
  }

  /** The images that a creator posted, by the index of the creator. */
  *ofCreator(creatorIndex: number): Generator<CatalogImage> {
    for (let slot = creatorIndex; slot < this.slotCount; slot += this.#settled.creators) {
      const image = this.imageAt(slot);
      if (image !== null && image.username !== null) yield image;
    }
  }

  /** The images of a post, by its id. */
  *ofPost(postId: number): Generator<CatalogImage> {
    const { creators } = this.#settled;
    const place = postId - FIRST_POST_ID;
    if (place < 0) return;
    const first = Math.floor(place / creators) * IMAGES_PER_POST * creators + place % creators;
    for (let step = 0; step < IMAGES_PER_POST; step++) {
      const image = this.imageAt(first + step * creators);
      if (image !== null) yield image;
    }
  }

  /** All images, by slot: `newest` begins with the last slot, `oldest` with the first. */
  *all(order: "newest" | "oldest"): Generator<CatalogImage> {
    for (let step = 0; step < this.slotCount; step++) {
      const image = this.imageAt(order === "oldest" ? step : this.slotCount - 1 - step);
      if (image !== null) yield image;
    }
  }
}
