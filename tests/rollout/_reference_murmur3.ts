const MASK = 0xffff_ffffn;

/**
 * MurmurHash3 x86 of 32 bits, written from its definition in arbitrary-precision integers: the whole input is one
 * number whose 32-bit digits are consumed.
 */
export function referenceMurmur3(bytes: Uint8Array, seed = 0): number {
  let rest = bytes.reduceRight((number, byte) => number << 8n | BigInt(byte), 0n);
  let hash = BigInt(seed);
  for (let left = bytes.length; left > 0; left -= 4) {
    const block = times(rotated(times(rest & MASK, 0xcc9e2d51n), 15n), 0x1b873593n);
    hash ^= block;
    if (left >= 4) hash = times(rotated(hash, 13n), 5n) + 0xe6546b64n & MASK;
    rest >>= 32n;
  }
  hash ^= BigInt(bytes.length);
  for (const [shift, factor] of [[16n, 0x85ebca6bn], [13n, 0xc2b2ae35n], [16n, 1n]] as const) {
    hash = times(hash ^ hash >> shift, factor);
  }
  return Number(hash);
}

/** The bucket by the formula of the specification. */
export function referenceBucket(key: string, salt: string): number {
  return Number(BigInt(referenceMurmur3(new TextEncoder().encode(`${salt}:${key}`))) * 10_000n >> 32n);
}

function times(a: bigint, b: bigint): bigint {
  return a * b & MASK;
}

function rotated(value: bigint, bits: bigint): bigint {
  return (value << bits | value >> 32n - bits) & MASK;
}
