import { safeName } from "./safe_name.ts";
import { shardFolder } from "./shard_folder.ts";

/** One image of a user. */
export interface ImagePlace {
  /** Who posted it. */
  readonly username: string | null;
  /** Id of the image. */
  readonly imageId: number;
  /** Without the dot. */
  readonly ext: string;
  /** How many of this user's images were placed before. */
  readonly position: number;
}

/**
 * Place a user's image: `images/<user>/<image id>.<ext>`, in numbered folders below beyond the first 9 000.
 *
 * @param place Whose, which, and how many came before
 * @returns Relative path
 */
export function imagePath(place: ImagePlace): string {
  const { username, imageId, ext, position } = place;
  const folder = `images/${safeName(username ?? "", { fallback: "unknown" })}`;
  return `${shardFolder(folder, position)}/${safeName(`${imageId}.${ext}`)}`;
}
