const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * Hash bytes with MurmurHash3, the x86 variant of 32 bits: the same number on every machine and in every language. It
 * spreads keys evenly, but it is not a secure hash.
 *
 * @param bytes The bytes; a string is encoded as UTF-8
 * @param seed An integer from 0 to 2^32 - 1; 0 if absent
 * @returns An integer from 0 to 2^32 - 1
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { murmur3 } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals(murmur3("test"), 0xba6bd213);
 * ```
 */
export function murmur3(bytes: Uint8Array | string, seed = 0): number {
  const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const wholeBytes = data.length - data.length % 4;
  let hash = seed | 0;
  for (let offset = 0; offset < wholeBytes; offset += 4) {
    hash ^= scramble(view.getUint32(offset, true));
    hash = Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64 | 0;
  }
  let tail = 0;
  for (let offset = data.length - 1; offset >= wholeBytes; offset--) tail = tail << 8 | data[offset]!;
  if (wholeBytes < data.length) hash ^= scramble(tail);
  return finish(hash ^ data.length);
}

function scramble(block: number): number {
  return Math.imul(rotateLeft(Math.imul(block, C1), 15), C2);
}

function rotateLeft(value: number, bits: number): number {
  return value << bits | value >>> (32 - bits);
}

/** Mix the bits, so that each bit of the input changes half of the bits of the result. */
function finish(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ mixed >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return (mixed ^ mixed >>> 16) >>> 0;
}
