import stringWidth from "npm:string-width@^8.3.0";

/**
 * How many columns a text takes on a terminal: wide characters two, marks and colour codes none.
 *
 * @param text One line
 * @returns Columns
 */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
