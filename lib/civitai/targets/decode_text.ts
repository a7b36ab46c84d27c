/** The encoding of a text file. */
export type TextEncoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "shift_jis";

/** Decoded text and its encoding. */
export interface DecodedText {
  /** The text, without a byte order mark. */
  readonly text: string;
  /** The encoding that the bytes were decoded from. */
  readonly encoding: TextEncoding;
}

/**
 * Decode a list that was saved with any editor: UTF-8 with or without a byte order mark, UTF-16 with a byte order mark,
 * or Shift-JIS. Bytes that are not valid in any of these encodings are read as UTF-8, so that only the damaged lines
 * are lost.
 *
 * @param bytes The content of the file
 * @returns The text without a byte order mark, and its encoding
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeText } from "@civitai-dl/civitai-dl/civitai";
 *
 * const bytes = Uint8Array.of(0x83, 0x82, 0x83, 0x66, 0x83, 0x8b);
 * assertEquals(decodeText(bytes), { text: "モデル", encoding: "shift_jis" });
 * ```
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const mark = markOf(bytes);
  if (mark !== null) {
    return { text: new TextDecoder(mark === "utf-8-bom" ? "utf-8" : mark).decode(bytes), encoding: mark };
  }
  for (const encoding of ["utf-8", "shift_jis"] as const) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch (error) {
      // A TypeError means that the bytes are not in this encoding.
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
