/** Hashes computed from a file, as hex in any letter case. */
export interface ActualHashes {
  /** SHA-256 of the whole file. */
  readonly sha256?: string | null | undefined;
  /** BLAKE3 of the whole file. */
  readonly blake3?: string | null | undefined;
  /** CRC-32 of the whole file. */
  readonly crc32?: string | null | undefined;
}

/**
 * Kinds of hashes that verify a whole file, strongest first, with their length in digits. AutoV1 and AutoV3 verify only
 * a part of it.
 */
const PROOFS = [["SHA256", 64], ["BLAKE3", 64], ["AutoV2", 10], ["CRC32", 8]] as const;

/**
 * Compare a file with the hashes that were published for it. The strongest kind that both sides have decides.
 *
 * @param actual Hashes computed from the file
 * @param expected Published hashes by kind; a value that is not a hash of its kind counts as absent
 * @returns `match` or `mismatch`; `unknown` if both sides have no kind in common
 */
export function matchesHashes(
  actual: ActualHashes,
  expected: Readonly<Record<string, string | undefined>>,
): "match" | "mismatch" | "unknown" {
  const known: Readonly<Record<string, string | null | undefined>> = {
    SHA256: actual.sha256,
    BLAKE3: actual.blake3,
    AutoV2: actual.sha256?.slice(0, 10),
    CRC32: actual.crc32,
  };
  for (const [kind, digits] of PROOFS) {
    const published = expected[kind];
    const computed = known[kind];
    if (!published || !computed || !isHex(published, digits)) continue;
    return computed.toLowerCase() === published.toLowerCase() ? "match" : "mismatch";
  }
  return "unknown";
}

function isHex(text: string, digits: number): boolean {
  return text.length === digits && /^[\da-f]+$/i.test(text);
}
