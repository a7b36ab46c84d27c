/** Kinds in the order of their codes: append, never change or remove. */
const KINDS = ["SHA256", "AutoV1", "AutoV2", "AutoV3", "CRC32", "BLAKE3"] as const;

/** An item's hashes by kind. */
type Hashes = Readonly<Record<string, string>>;

/**
 * Pack an item's hashes for a column: a code, a length and the bytes of each. As JSON, they took up a quarter of the
 * row. If a kind is unknown or a hash is not in lower case, all of them stay JSON.
 */
export function packHashes(hashes: Hashes): Uint8Array | string {
  const parts: Uint8Array[] = [];
  for (const [kind, hex] of Object.entries(hashes)) {
    const code = (KINDS as readonly string[]).indexOf(kind);
    const isPlain = code !== -1 && hex.length % 2 === 0 && hex.length < 256 && /^[\da-f]*$/.test(hex);
    if (!isPlain) return JSON.stringify(hashes);
    parts.push(Uint8Array.of(code, hex.length / 2), Uint8Array.fromHex(hex));
  }
  return concat(parts);
}

/** Unpack hashes, in their original order. */
export function unpackHashes(packed: unknown): Hashes {
  if (typeof packed === "string") return JSON.parse(packed) as Hashes;
  const bytes = packed as Uint8Array;
  const hashes: Record<string, string> = {};
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 2 + bytes[offset + 1]!;
    hashes[KINDS[bytes[offset]!]!] = bytes.subarray(offset + 2, end).toHex();
    offset = end;
  }
  return hashes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
