/**
 * Decode a list that was saved with any editor: UTF-8 with or without a byte order mark, UTF-16 with a byte order mark,
 * or Shift-JIS. Bytes that are not valid in any of these encodings are read as UTF-8, so that only the damaged lines
 * are lost.
 *
 * @param bytes The content of the file
 * @returns The text without a byte order mark
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeText } from "@civitai-dl/civitai-dl/civitai";
 *
 * const bytes = Uint8Array.of(0x83, 0x82, 0x83, 0x66, 0x83, 0x8b);
 * assertEquals(decodeText(bytes), "モデル");
 * ```
 */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes);
  for (const encoding of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch (error) {
      // A TypeError means that the bytes are not in this encoding.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return new TextDecoder().decode(bytes);
}

/** The encoding that a byte order mark of UTF-16 names. */
function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}
