import { BUCKETS } from "./bucket_of.ts";
import { bucketsOf } from "./percentage.ts";

/**
 * Group of keys in a rollout:
 * - `canary`: gets what is being rolled out
 * - `baseline`: gets the stable alternative, is as large as the canary, and is compared with it
 * - `rest`: gets the stable alternative and is not measured
 */
export type Arm = "canary" | "baseline" | "rest";

/**
 * Determine the arm of a bucket. The canary takes buckets from the low end and the baseline from the high end. A larger
 * percentage therefore adds keys to the canary and removes none, and above 50 % the baseline shrinks.
 *
 * @param bucket A bucket, from 0 to 9999
 * @param percentage Share of the canary, from 0 to 100
 * @returns The arm
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { armOf } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals([0, 999, 1000, 8999, 9000].map((bucket) => armOf(bucket, 10)), [
 *   "canary",
 *   "canary",
 *   "rest",
 *   "rest",
 *   "baseline",
 * ]);
 * ```
 */
export function armOf(bucket: number, percentage: number): Arm {
  const size = bucketsOf(percentage);
  if (bucket < size) return "canary";
  return bucket >= BUCKETS - size ? "baseline" : "rest";
}
