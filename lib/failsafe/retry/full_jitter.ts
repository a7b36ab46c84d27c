import type { Random } from "../../base/mod.ts";

/** Options of {@linkcode fullJitter}. */
export interface FullJitterOptions {
  /**
   * The first wait, before jitter.
   *
   * @default {1000}
   */
  readonly baseMs?: number;
  /**
   * The longest wait, before jitter.
   *
   * @default {30000}
   */
  readonly capMs?: number;
  /**
   * Dice, as a seam.
   *
   * @default {Math.random}
   */
  readonly random?: Random;
}

/**
 * Exponential backoff with full jitter: anything from 0 to `min(cap, base × 2^attempt)`, so that many clients that
 * failed together do not return together.
 *
 * @param attempt 0 after the first failure
 * @param options Base, cap, dice
 * @returns Milliseconds to wait
 */
export function fullJitter(attempt: number, options: FullJitterOptions = {}): number {
  const { baseMs = 1000, capMs = 30_000, random = Math.random } = options;
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
