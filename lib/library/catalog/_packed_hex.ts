/**
 * Pack a digest for a column of type ANY: as bytes, which take half the space of hex digits. Text that is not hex in
 * lower case stays text, and `null` stays `null`.
 */
export function packHex(text: string | null): Uint8Array | string | null {
  if (text === null) return null;
  return text.length % 2 === 0 && /^[\da-f]+$/.test(text) ? Uint8Array.fromHex(text) : text;
}

/** Unpack a digest. */
export function unpackHex(packed: unknown): string | null {
  return packed instanceof Uint8Array ? packed.toHex() : packed as string | null;
}
