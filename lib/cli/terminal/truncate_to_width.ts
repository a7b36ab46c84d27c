import { textWidth } from "./text_width.ts";

// deno-lint-ignore no-control-regex -- color codes begin with a control character
const COLOR_CODE = /(\x1b\[[0-9;]*m)/;

/**
 * Truncate text to a width and mark the cut with `…`. Characters are never split, and color codes after the cut are
 * kept, so that colors are reset.
 *
 * @param width The maximum width in columns; if it is 0 or less, the result is empty
 * @returns A string of at most `width` columns
 */
export function truncateToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  let room = width - 1;
  let cut = "";
  let open = true;
  for (const part of text.split(COLOR_CODE)) {
    if (COLOR_CODE.test(part)) {
      cut += part;
      continue;
    }
    if (!open) continue;
    for (const { segment } of new Intl.Segmenter().segment(part)) {
      room -= textWidth(segment);
      if (room < 0) {
        cut += "…";
        open = false;
        break;
      }
      cut += segment;
    }
  }
  return cut;
}
