/** When a breaker opens, and how it finds out that it may close. */
export interface BreakerRules {
  /** Fewer calls within a minute prove nothing. */
  readonly minCalls: number;
  /** It opens at this share of failures, from 0 to 1. */
  readonly failureShare: number;
  /**
   * It does not open at that share while something went well so lately, in milliseconds: of a host that fails often and
   * works often a wait would make no more.
   */
  readonly servingMs: number;
  /** It opens at this share of slow calls, from 0 to 1. */
  readonly slowShare: number;
  /** A call that took longer is slow, in milliseconds. */
  readonly slowMs: number;
  /** It opens after so many hard failures in a row. */
  readonly hardFailures: number;
  /** The first wait before it is tried, in milliseconds; doubles with each try that fails. */
  readonly waitMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxWaitMs: number;
  /** Waits are shorter by up to this share, so that many do not try at once. */
  readonly jitter: number;
  /** So many calls are let through to try it. */
  readonly probes: number;
  /** It closes when so many of them did well. */
  readonly successes: number;
  /** A try without an end for so long has failed, in milliseconds. */
  readonly probeTimeoutMs: number;
}

/**
 * Fill in and check the rules of a breaker.
 *
 * @param options What differs from the defaults: open at half of at least 10 calls failed and none well in the last 10 s, at 80 % slower than a minute,
 * or after 5 hard failures in a row; wait 10 s, doubling up to 90 s, up to a fifth shorter; three probes of at most
 * 30 s, of which two must do well
 * @returns The whole rules
 * @throws {RangeError} If the probes cannot bring the successes, or a count or a time is not positive
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
    throw new RangeError(`Cannot make a breaker: ${probes} probes cannot bring ${successes} successes`);
  }
  if (!(jitter >= 0 && jitter < 1)) throw new RangeError(`Cannot make a breaker: jitter ${jitter} is not from 0 to 1`);
  for (const [name, value] of Object.entries(positive)) {
    if (!(value > 0)) throw new RangeError(`Cannot make a breaker: ${name} ${value} is not positive`);
  }
  return rules;
}
