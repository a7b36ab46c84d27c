import type { Random } from "../../base/mod.ts";

/** Options of {@linkcode fullJitter}. */
export interface FullJitterOptions {
  /**
   * The first wait in milliseconds, before jitter.
   *
   * @default {1000}
   */
  readonly baseMs?: number;
  /**
   * The longest wait in milliseconds, before jitter.
   *
   * @default {30000}
   */
  readonly capMs?: number;
  /**
   * Random source; tests pass a fake one.
   *
   * @default {Math.random}
   */
  readonly random?: Random;
}

/**
 * Compute an exponential backoff with full jitter: a uniform random wait from 0 to `min(cap, base × 2^attempt)`, so
 * that clients that failed together do not retry together.
 *
 * @param attempt 0 after the first failure
 * @param options Base, cap and random source
 * @returns Milliseconds to wait
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fullJitter } from "@civitai-dl/civitai-dl/failsafe";
 *
 * // Half of 1000 ms × 2³.
 * assertEquals(fullJitter(3, { baseMs: 1000, random: () => 0.5 }), 4000);
 * ```
 */
export function fullJitter(attempt: number, options: FullJitterOptions = {}): number {
  const { baseMs = 1000, capMs = 30_000, random = Math.random } = options;
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
