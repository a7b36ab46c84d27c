import { parsePage } from "./_parse_page.ts";
import type { ImageItem, Page } from "./entities.ts";
import { parseImage } from "./parse_image.ts";

/**
 * Parse an answer of /images.
 *
 * @param json The decoded answer
 * @returns Its images, and the cursor of the next page
 * @throws {SyntaxError} If it is not a page
 */
export function parseImagePage(json: unknown): Page<ImageItem> {
  return parsePage(json, { kind: "image", parse: parseImage });
}
