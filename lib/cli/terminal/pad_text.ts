import { textWidth } from "./text_width.ts";

/**
 * Fill a text with spaces to a width.
 *
 * @param text One line
 * @param width Columns
 * @param align Where the text stands
 * @returns At least `width` columns
 */
export function padText(text: string, width: number, align: "left" | "right" = "left"): string {
  const filling = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + filling : filling + text;
}
