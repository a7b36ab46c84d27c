import stringWidth from "string-width";

/**
 * Measure the columns that a text takes on a terminal: wide characters count two, combining marks and color codes none.
 *
 * @param text One line
 * @returns The width in columns
 */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
