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
   * File extension without the dot.
   *
   * @default {"jpeg"}
   */
  readonly ext?: string | undefined;
  /**
   * Number of gallery images of this version that were placed before.
   *
   * @default {0}
   */
  readonly position?: number | undefined;
}

/** Options of {@linkcode galleryPath}. */
export interface GalleryPathOptions {
  /**
   * Layout of the library.
   *
   * @default {"classic"}
   */
  readonly layout?: LayoutName | undefined;
  /** The path template in use; it takes precedence over the layout. */
  readonly template?: string | undefined;
}

/**
 * Build the path of a gallery image. In the classic layout, where a version has its own folder, it is
 * `Gallery/<image id>.jpeg` next to the model. With a template, where versions can share a folder, the image goes into
 * a folder named by the version id. The other layouts keep it outside of the folders that a UI scans.
 *
 * @param place The image, its version and its position
 * @param options Layout or template
 * @returns Relative path
 */
export function galleryPath(place: GalleryPlace, options: GalleryPathOptions = {}): string {
  const { layout = "classic", template } = options;
  const { modelPath, versionId, imageId, ext = "jpeg", position = 0 } = place;
  const folder = galleryFolder({ modelPath, versionId }, { layout, template });
  return `${shardFolder(folder, position)}/${safeName(`${imageId}.${ext}`)}`;
}

function galleryFolder(
  { modelPath, versionId }: Pick<GalleryPlace, "modelPath" | "versionId">,
  { layout, template }: GalleryPathOptions,
): string {
  const modelFolder = modelPath.slice(0, modelPath.lastIndexOf("/") + 1);
  if (template !== undefined) return `${modelFolder}Gallery/${versionId}`;
  if (layout === "classic") return `${modelFolder}Gallery`;
  return `civitai/gallery/${versionId}`;
}
