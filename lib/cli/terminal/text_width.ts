import fastStringWidth from "fast-string-width";

/** Characters without a width that fast-string-width takes for letters. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]/g;

/**
 * Measure the columns that text occupies on a terminal: wide characters count as two, combining marks, control
 * characters and color codes as none.
 *
 * @returns The width in columns
 */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  // Names of files from macOS have syllables and accents in parts.
  return fastStringWidth(text.normalize("NFC").replaceAll(INVISIBLE, ""), WIDTHS);
}

const WIDTHS = { tabWidth: 0 };
