/** What was computed from a file; hex in any case. */
export interface ActualHashes {
  /** Of the whole file. */
  readonly sha256?: string | null | undefined;
  /** Of the whole file. */
  readonly blake3?: string | null | undefined;
  /** Of the whole file. */
  readonly crc32?: string | null | undefined;
}

/** The kinds that prove a file, strongest first, with their length in digits. AutoV1 and AutoV3 prove only parts. */
const PROOFS = [["SHA256", 64], ["BLAKE3", 64], ["AutoV2", 10], ["CRC32", 8]] as const;

/**
 * Compare a file with the hashes that were published for it. The strongest kind that both sides have decides.
 *
 * @param actual Computed from the file
 * @param expected Published, by kind; what is no hash of its kind counts as absent
 * @returns `unknown` if no kind is on both sides
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
