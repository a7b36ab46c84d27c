/** When a breaker opens, and when it closes again. */
export interface BreakerRules {
  /** Minimum number of calls within a minute; with fewer calls, no share opens the breaker. */
  readonly minCalls: number;
  /** The breaker opens at this share of failures, from 0 to 1. */
  readonly failureShare: number;
  /**
   * The breaker does not open because of `failureShare` if a call succeeded within this time, in milliseconds, or if the
   * first call was made within it. Waiting gains nothing if a host fails often but also works often.
   */
  readonly servingMs: number;
  /** The breaker opens at this share of slow calls, from 0 to 1. */
  readonly slowShare: number;
  /** A call that takes longer than this is slow, in milliseconds. */
  readonly slowMs: number;
  /** The breaker opens after this number of hard failures in a row. */
  readonly hardFailures: number;
  /** The first wait before probes are admitted, in milliseconds. It doubles each time the probes fail. */
  readonly waitMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxWaitMs: number;
  /**
   * Waits are shortened at random by up to this share, from 0 to less than 1, so that many clients do not probe at
   * once.
   */
  readonly jitter: number;
  /** Number of calls that are admitted as probes. */
  readonly probes: number;
  /** The breaker closes when this number of probes has succeeded. */
  readonly successes: number;
  /** A probe that has not ended after this time, in milliseconds, counts as failed. */
  readonly probeTimeoutMs: number;
}

/**
 * Fill in and check the rules of a breaker.
 *
 * @param options Rules that differ from the defaults. By default, a breaker opens if half of at least 10 calls failed
 * and none succeeded in 10 s, if 80% of at least 10 calls took longer than a minute, or after 5 hard failures
 * in a row. It then waits 10 s, which doubles up to 90 s and is shortened by up to a fifth. Finally it admits three
 * probes of at most 30 s, of which two must succeed
 * @returns The complete rules
 * @throws {RangeError} If `probes` or `successes` is not an integer, `successes` is less than 1 or more than `probes`,
 * `jitter` is not at least 0 and less than 1, or another rule is not positive
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const { hardFailures, waitMs } = breakerRules({ hardFailures: 3 });
 * assertEquals([hardFailures, waitMs], [3, 10_000]);
 * ```
 */
export function breakerRules(options: Partial<BreakerRules> = {}): BreakerRules {
  const rules: BreakerRules = {
    minCalls: 10,
    failureShare: 0.5,
    servingMs: 10_000,
    slowShare: 0.8,
    slowMs: 60_000,
    hardFailures: 5,
    waitMs: 10_000,
    maxWaitMs: 90_000,
    jitter: 0.2,
    probes: 3,
    successes: 2,
    probeTimeoutMs: 30_000,
    ...options,
  };
  const { probes, successes, jitter, ...positive } = rules;
  if (!(Number.isInteger(successes) && successes >= 1 && Number.isInteger(probes) && probes >= successes)) {
    throw new RangeError(`Cannot make a breaker: ${probes} probes cannot give ${successes} successes`);
  }
  if (!(jitter >= 0 && jitter < 1)) throw new RangeError(`Cannot make a breaker: jitter ${jitter} is not from 0 to 1`);
  for (const [name, value] of Object.entries(positive)) {
    if (!(value > 0)) throw new RangeError(`Cannot make a breaker: ${name} ${value} is not positive`);
  }
  return rules;
}
