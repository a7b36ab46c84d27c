import { murmur3 } from "./murmur3.ts";

/** Number of buckets: one bucket is a hundredth of a percent of all keys. */
export const BUCKETS = 10_000;

/**
 * Compute the bucket of a key: `(murmur3("salt:key") * 10000) >> 32`. It depends on nothing else, so each program that
 * knows the salt gets the same one.
 *
 * @param key What is assigned, such as `versionId:fileId` or the id of an installation
 * @param salt Text of the rollout; another salt gives unrelated buckets
 * @returns An integer from 0 to 9999
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bucketOf } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals(bucketOf("128713:94057", "turbo"), 5987);
 * ```
 */
export function bucketOf(key: string, salt: string): number {
  // Exact: the product of a 32-bit number and 10 000 has at most 46 bits, and a double holds 53.
  return Math.floor(murmur3(`${salt}:${key}`) * BUCKETS / 2 ** 32);
}
