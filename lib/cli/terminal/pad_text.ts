import { textWidth } from "./text_width.ts";

/**
 * Pad text with spaces to a width, as measured by `textWidth`.
 *
 * @param width The minimum width in columns
 * @param align The side on which the text is placed
 * @returns A string of at least `width` columns; longer text is unchanged
 */
export function padText(text: string, width: number, align: "left" | "right" = "left"): string {
  const padding = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + padding : padding + text;
}
