import type { LayoutName } from "./layouts.ts";
import { safeName } from "./safe_name.ts";
import { shardFolder } from "./shard_folder.ts";

/** One gallery image of a version. */
export interface GalleryPlace {
  /** Relative path of the version's model file. */
  readonly modelPath: string;
  /** Id of the version. */
  readonly versionId: number;
  /** Id of the image. */
  readonly imageId: number;
  /**
   * Without the dot.
   *
   * @default {"jpeg"}
   */
  readonly ext?: string | undefined;
  /**
   * How many of this version's gallery images were placed before.
   *
   * @default {0}
   */
  readonly position?: number | undefined;
}

/** Options of {@linkcode galleryPath}. */
export interface GalleryPathOptions {
  /**
   * The arrangement.
   *
   * @default {"classic"}
   */
  readonly layout?: LayoutName | undefined;
  /** The path template in use, which beats the layout. */
  readonly template?: string | undefined;
}

/**
 * Place a gallery image: `Gallery/<image id>.jpeg` beside the model where a version has a folder of its own, in a folder
 * named by the version where it shares one, and outside of the folders that a UI scans.
 *
 * @param place Which image of which version
 * @param options Layout or template
 * @returns Relative path
 */
export function galleryPath(place: GalleryPlace, options: GalleryPathOptions = {}): string {
  const { layout = "classic", template } = options;
  const { modelPath, versionId, imageId, ext = "jpeg", position = 0 } = place;
  const beside = modelPath.slice(0, modelPath.lastIndexOf("/") + 1);
  let folder = `civitai/gallery/${versionId}`;
  if (template !== undefined) folder = `${beside}Gallery/${versionId}`;
  else if (layout === "classic") folder = `${beside}Gallery`;
  return `${shardFolder(folder, position)}/${safeName(`${imageId}.${ext}`)}`;
}
