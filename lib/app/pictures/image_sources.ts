import { type ImageItem, parseImage } from "../../civitai/mod.ts";
import { isRecord } from "../../base/mod.ts";
import type { Catalog, CatalogItem } from "../../library/mod.ts";

/** An image, and the version that shows it; `null` if that is not known. */
export interface ShownImage {
  readonly imageId: number;
  readonly versionId: number | null;
}

/** Options of {@linkcode ImageSources}. */
export interface ImageSourcesOptions {
  readonly catalog: () => Pick<Catalog, "item" | "version">;
  /** Return the version on whose card an image is; `null` if it is on none. */
  readonly versionOf: (imageId: number) => number | null;
}

/** Finds where images come from, and the files of the library that show them. No client names an address. */
export class ImageSources {
  readonly #options: ImageSourcesOptions;

  constructor(options: ImageSourcesOptions) {
    this.#options = options;
  }

  /** Return the URL of an image as the API gave it; `null` if the library knows nothing of the image. */
  find(image: ShownImage): Pick<ImageItem, "url" | "type"> | null {
    const versionId = this.#versionOf(image);
    const version = versionId === null ? null : this.#options.catalog().version(versionId);
    const shown = version === null ? undefined : imagesOf(version.json).find(({ id }) => id === image.imageId);
    if (shown !== undefined) return shown;
    const source = this.#items(image).find((item) => item.source !== null)?.source;
    return source === undefined ? null : readImage({ id: image.imageId, url: source });
  }

  /** Return the items of an image that are on disk, the best first. */
  items(image: ShownImage): readonly CatalogItem[] {
    return this.#items(image).filter(({ state }) => state === "done");
  }

  #items(image: ShownImage): readonly CatalogItem[] {
    const { imageId } = image;
    const versionId = this.#versionOf(image);
    const shown = versionId === null ? [] : [`preview:${versionId}:${imageId}`, `gallery:${versionId}:${imageId}`];
    const catalog = this.#options.catalog();
    return [...shown, `image:${imageId}`].map((key) => catalog.item(key)).filter((item) => item !== null);
  }

  #versionOf({ imageId, versionId }: ShownImage): number | null {
    return versionId ?? this.#options.versionOf(imageId);
  }
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
