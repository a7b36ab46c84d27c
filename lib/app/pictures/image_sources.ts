import { type ImageItem, parseImage } from "../../civitai/mod.ts";
import { isRecord } from "../../base/mod.ts";
import type { Catalog, CatalogItem } from "../../library/mod.ts";
import type { CatalogReader } from "../view/catalog_reader.ts";

/** An image, and the version that shows it; `null` if that is not known. */
export interface ShownImage {
  readonly imageId: number;
  readonly versionId: number | null;
}

/** Options of {@linkcode ImageSources}. */
export interface ImageSourcesOptions {
  readonly reader: Pick<CatalogReader, "use">;
  /** Return the version on whose card an image is; `null` if it is on none. */
  readonly versionOf: (imageId: number) => Promise<number | null>;
}

/** Finds where images come from, and the files of the library that show them. No client names an address. */
export class ImageSources {
  readonly #options: ImageSourcesOptions;

  constructor(options: ImageSourcesOptions) {
    this.#options = options;
  }

  /** Return the URL of an image as the API gave it; `null` if the library knows nothing of the image. */
  async find(image: ShownImage): Promise<Pick<ImageItem, "url" | "type"> | null> {
    return await this.#read(image, (catalog, shown) => {
      const version = shown.versionId === null ? null : catalog.version(shown.versionId);
      const own = version === null ? undefined : imagesOf(version.json).find(({ id }) => id === image.imageId);
      if (own !== undefined) return own;
      const source = listItems(catalog, shown).find((item) => item.source !== null)?.source;
      return source === undefined ? null : readImage({ id: image.imageId, url: source });
    });
  }

  /** Return the items of an image that are on disk, the best first. */
  async items(image: ShownImage): Promise<readonly CatalogItem[]> {
    return await this.#read(
      image,
      (catalog, shown) => listItems(catalog, shown).filter(({ state }) => state === "done"),
    );
  }

  /** Read the catalog, with the version that shows the image if one is known. */
  async #read<T>(image: ShownImage, read: (catalog: Catalog, image: ShownImage) => T): Promise<T> {
    const { reader, versionOf } = this.#options;
    const versionId = image.versionId ?? await versionOf(image.imageId);
    return await reader.use((catalog) => read(catalog, { ...image, versionId }));
  }
}

function listItems(catalog: Catalog, { imageId, versionId }: ShownImage): readonly CatalogItem[] {
  const shown = versionId === null ? [] : [`preview:${versionId}:${imageId}`, `gallery:${versionId}:${imageId}`];
  return [...shown, `image:${imageId}`].map((key) => catalog.item(key)).filter((item) => item !== null);
}

/** Read the images of a version, as the API has sent them. */
function imagesOf(json: unknown): readonly ImageItem[] {
  const raw = isRecord(json) && isRecord(json["raw"]) ? json["raw"] : {};
  const images = raw["images"];
  return Array.isArray(images) ? images.map(readImage).filter((image) => image !== null) : [];
}

function readImage(entry: unknown): ImageItem | null {
  try {
    return parseImage(entry);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
