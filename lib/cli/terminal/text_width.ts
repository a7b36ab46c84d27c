import stringWidth from "string-width";

/**
 * Measure the columns that text occupies on a terminal: wide characters count as two, combining marks and color codes
 * as none.
 *
 * @param text One line
 * @returns The width in columns
 */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
