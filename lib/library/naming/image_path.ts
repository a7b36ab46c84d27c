import { safeName } from "./safe_name.ts";
import { shardFolder } from "./shard_folder.ts";

/** One image of a user. */
export interface ImagePlace {
  /** User name of the poster; `null` becomes `unknown`. */
  readonly username: string | null;
  /** Id of the image. */
  readonly imageId: number;
  /** File extension without the dot. */
  readonly ext: string;
  /** Number of this user's images that were placed before. */
  readonly position: number;
}

/**
 * Build the path of a user's image: `images/<user>/<image id>.<ext>`, and numbered folders below `<user>` after the
 * first 9 000.
 *
 * @param place The user, the image and its position
 * @returns Relative path
 */
export function imagePath(place: ImagePlace): string {
  const { username, imageId, ext, position } = place;
  const folder = `images/${safeName(username ?? "", { fallback: "unknown" })}`;
  return `${shardFolder(folder, position)}/${safeName(`${imageId}.${ext}`)}`;
}
