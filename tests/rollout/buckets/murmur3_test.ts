import { assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { murmur3 } from "../../../lib/rollout/mod.ts";
import { referenceMurmur3 } from "../_reference_murmur3.ts";

const SEED = 0x9747b28c;

/** Published test vectors of the x86 variant of 32 bits. */
const BYTES: readonly (readonly [bytes: readonly number[], seed: number, hash: number])[] = [
  [[], 0, 0],
  [[], 1, 0x514e28b7],
  [[], 0xffffffff, 0x81f16f39],
  [[0xff, 0xff, 0xff, 0xff], 0, 0x76293b50],
  [[0x21, 0x43, 0x65, 0x87], 0, 0xf55b516b],
  [[0x21, 0x43, 0x65, 0x87], 0x5082edee, 0x2362f9de],
  [[0x21, 0x43, 0x65], 0, 0x7e4a8634],
  [[0x21, 0x43], 0, 0xa0f7b07a],
  [[0x21], 0, 0x72661cf4],
  [[0, 0, 0, 0], 0, 0x2362f9de],
  [[0, 0, 0], 0, 0x85f0b427],
  [[0, 0], 0, 0x30f4c306],
  [[0], 0, 0x514e28b7],
];
const TEXTS: readonly (readonly [text: string, seed: number, hash: number])[] = [
  ["aaaa", SEED, 0x5a97808a],
  ["aaa", SEED, 0x283e0130],
  ["aa", SEED, 0x5d211726],
  ["a", SEED, 0x7fa09ea6],
  ["abcd", SEED, 0xf0478627],
  ["abc", SEED, 0xc84a62dd],
  ["ab", SEED, 0x74875592],
  ["abc", 0, 0xb3dd93fa],
  ["test", 0, 0xba6bd213],
  ["test", SEED, 0x704b81dc],
  ["Hello, world!", 0, 0xc0363e43],
  ["Hello, world!", SEED, 0x24884cba],
  ["ππππππππ", SEED, 0xd58063c1],
  ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
  ["The quick brown fox jumps over the lazy dog", SEED, 0x2fa826cd],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 0, 0xee925b90],
  ["a".repeat(256), SEED, 0x37405bdc],
];

Deno.test("murmur3() agrees with the published vectors", () => {
  for (const [bytes, seed, hash] of BYTES) assertEquals(murmur3(Uint8Array.from(bytes), seed), hash, `${bytes}`);
  for (const [text, seed, hash] of TEXTS) assertEquals(murmur3(text, seed), hash, text);
});

Deno.test("murmur3() agrees with an independent implementation for random bytes of each length", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 2000; run++) {
    const bytes = Uint8Array.from({ length: run % 67 }, () => Math.floor(random() * 256));
    const seed = Math.floor(random() * 2 ** 32);
    assertEquals(murmur3(bytes, seed), referenceMurmur3(bytes, seed), `${bytes} ${seed}`);
  }
});

Deno.test("murmur3() reads a part of a buffer", () => {
  const whole = new TextEncoder().encode("xxtestyy");
  assertEquals(murmur3(whole.subarray(2, 6)), 0xba6bd213);
});
