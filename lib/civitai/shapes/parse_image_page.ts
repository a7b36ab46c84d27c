import { parsePage } from "./_parse_page.ts";
import type { ImageItem, Page } from "./entities.ts";
import { parseImage } from "./parse_image.ts";

/**
 * Parse a response of /images.
 *
 * @param json The decoded response
 * @returns Its images, and the cursor of the next page
 * @throws {SyntaxError} If it is not a page
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseImagePage } from "@civitai-dl/civitai-dl/civitai";
 *
 * const page = parseImagePage({
 *   items: [{ id: 5, url: "https://image.civitai.com/abc/def/width=450/5.jpeg" }],
 *   metadata: { nextCursor: 4 },
 * });
 * assertEquals([page.items[0]?.id, page.nextCursor], [5, "4"]);
 * ```
 */
export function parseImagePage(json: unknown): Page<ImageItem> {
  return parsePage(json, { kind: "image", parse: parseImage });
}
