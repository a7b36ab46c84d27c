import { FIELD_DIGEST_DIGITS, fieldDigest } from "../sidecars/field_digest.ts";

const DIGEST_BYTES = FIELD_DIGEST_DIGITS / 2;
/**
 * Values that half of all fields of sidecars have. The order is part of the format: never change or remove any. There
 * can be no more than fifteen.
 */
const USUAL_VALUES = [
  ...[false, true, null, "", 0, 1, 2, 3, [], {}],
  ...["Public", "Standard", "1.9.0", "completed", "civitai_api"],
];
const USUAL = USUAL_VALUES.map((value) => fieldDigest(value));
/** Codes of four bits; 0 stands for a digest that follows the codes. */
const CODES: ReadonlyMap<string, number> = new Map(USUAL.map((digest, index) => [digest, index + 1]));

/** Pack field digests for a column: a code of four bits each, then the bytes of those without a code. */
export function packDigests(digests: readonly string[]): Uint8Array {
  const codes = new Uint8Array(Math.ceil(digests.length / 2));
  const others: string[] = [];
  digests.forEach((digest, index) => {
    const code = CODES.get(digest) ?? 0;
    codes[index >> 1]! |= code << 4 * (index & 1);
    if (code === 0) others.push(digest);
  });
  const packed = new Uint8Array(codes.length + others.length * DIGEST_BYTES);
  packed.set(codes);
  packed.set(Uint8Array.fromHex(others.join("")), codes.length);
  return packed;
}

/** Unpack this many field digests. */
export function unpackDigests(packed: Uint8Array, count: number): readonly string[] {
  let offset = Math.ceil(count / 2);
  return Array.from({ length: count }, (_, index) => {
    const code = packed[index >> 1]! >> 4 * (index & 1) & 15;
    if (code !== 0) return USUAL[code - 1]!;
    offset += DIGEST_BYTES;
    return packed.subarray(offset - DIGEST_BYTES, offset).toHex();
  });
}
