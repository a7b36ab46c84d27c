import { safeName } from "./safe_name.ts";
import { shardFolder } from "./shard_folder.ts";

/** One image of a user. */
export interface ImagePlace {
  /** The folder of the user's images, such as `images/ann`. */
  readonly folder: string;
  /** Id of the image. */
  readonly imageId: number;
  /** File extension without the dot. */
  readonly ext: string;
  /** Number of this user's images that were placed before. */
  readonly position: number;
}

/** The folder of all images of users. */
const IMAGES = "images";

/**
 * Build the path of a user's image: `images/<user>/<image id>.<ext>`, and numbered folders below `<user>` after the
 * first 9 000.
 *
 * @param place The user's folder, the image and its position
 * @returns Relative path
 */
export function imagePath(place: ImagePlace): string {
  const { folder, imageId, ext, position } = place;
  return `${shardFolder(folder, position)}/${safeName(`${imageId}.${ext}`)}`;
}

/**
 * Build the path of the folder of a user's images, without a number that tells it from that of another user.
 *
 * @param username User name of the poster; `null` becomes `unknown`
 */
export function planImageFolder(username: string | null): string {
  return `${IMAGES}/${safeName(username ?? "", { fallback: "unknown" })}`;
}

/**
 * Find the folder of a user's images in the path of one of them, which may be in a numbered folder below it. It has the
 * description of all of them.
 *
 * @param path What {@linkcode imagePath} built
 */
export function parseImageFolder(path: string): string {
  const [images, user] = path.split("/");
  return `${images}/${user}`;
}
