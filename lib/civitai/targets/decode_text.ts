/** How a text file was encoded. */
export type TextEncoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "shift_jis";

/** A text and how it was encoded. */
export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string;
  /** How it was encoded. */
  readonly encoding: TextEncoding;
}

/**
 * Decode a list that a person saved with any editor: UTF-8 with or without a byte order mark, UTF-16 with one, else
 * Shift-JIS. Bytes that are none of these are read as UTF-8, so that only the lines they damage are lost.
 *
 * @param bytes The file
 * @returns Text without the mark, and the encoding
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = markOf(bytes);
  if (marked !== null) {
    return { text: new TextDecoder(marked === "utf-8-bom" ? "utf-8" : marked).decode(bytes), encoding: marked };
  }
  for (const encoding of ["utf-8", "shift_jis"] as const) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch (error) {
      // TypeError means "not this one".
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return { text: new TextDecoder().decode(bytes), encoding: "utf-8" };
}

function markOf(bytes: Uint8Array): "utf-8-bom" | "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8-bom";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}
