import { textWidth } from "./text_width.ts";

/**
 * Shorten a path to a width: folders at its beginning are replaced with `…`. The name of the file stays whole, even if
 * it is wider.
 *
 * @param path A path with forward slashes
 * @param width The maximum width in columns
 * @returns Such as `…/creator_model/file.safetensors`
 */
export function shortenPath(path: string, width: number): string {
  if (textWidth(path) <= width) return path;
  const names = path.split("/");
  let short = names.pop()!;
  if (names.length === 0 || textWidth(short) + 2 > width) return short;
  for (const name of names.toReversed()) {
    if (textWidth(`…/${name}/${short}`) > width) break;
    short = `${name}/${short}`;
  }
  return `…/${short}`;
}
