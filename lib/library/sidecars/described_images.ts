import { isFields } from "../_lossless_json.ts";
import { sidecarsNamed } from "../scan/scan_library.ts";

/** A posted image, as `images_metadata.json` describes it. */
export interface DescribedImage {
  /** Id of the image. */
  readonly id: number;
  /** Path relative to the library; in or below the folder of the description. */
  readonly path: string;
  /** URL that the image came from. */
  readonly url: string;
  /** All other fields of the description, and the id. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Iterate over the images that the `images_metadata.json` files of a library describe, one file after another.
 *
 * @param root The library
 * @returns The images; their files need not exist
 */
export async function* describedImages(root: string): AsyncGenerator<DescribedImage> {
  for await (const { path, json } of sidecarsNamed(root, "images_metadata.json")) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    for (const entry of Array.isArray(json) ? json : []) {
      if (!isFields(entry)) continue;
      const { id, url, file, ...facts } = entry;
      if (!Number.isSafeInteger(id) || typeof url !== "string" || !isBelow(file)) continue;
      yield { id: id as number, path: `${folder}${file}`, url, facts: { id, ...facts } };
    }
  }
}

/** Whether a path stays below its folder. Anyone can write such a description. */
function isBelow(file: unknown): file is string {
  return typeof file === "string" && file !== "" &&
    !file.split(/[/\\]/).some((part) => part === "" || part === "." || part === "..") && !/^[a-z]:|\0/i.test(file);
}
