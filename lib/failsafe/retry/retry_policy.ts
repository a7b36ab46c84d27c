/**
 * How often and for how long this program retries; all of its retries take their numbers from here. A run has no shared
 * retry budget: the breakers, the connection limit of a host and the pace of requests bound a retry storm, and an
 * additional budget makes files fail that another attempt would complete. `docs/failsafe.md` contains the measurement.
 */
export const RETRY_POLICY = {
  /**
   * Waits between attempts, in milliseconds. A wait is random, with an upper bound that starts at `baseMs` and doubles
   * with each attempt up to `capMs`. A storage that has served any file within the last ten seconds is not down, so a
   * long wait gains nothing: the upper bound is then `servingCapMs`.
   */
  backoff: { baseMs: 1000, capMs: 30_000, servingCapMs: 2000 },
  /**
   * Maximum number of retries after failures of a class, if that is fewer than the caller allows. A web page instead of
   * a file is either a temporary network problem or permanent: two retries show which.
   */
  maxRetriesByClass: { unusable: 2 },
  /** If a Retry-After is longer than this, in milliseconds, the error is thrown without waiting. */
  maxRetryAfterMs: 120_000,
  /** How long to keep trying a host that sends nothing, in milliseconds: default of `--patience`. */
  patienceMs: 300_000,
  /**
   * A request to the API: retries, the time limit for one answer, and that for all attempts and waits together, in
   * milliseconds.
   */
  apiRequest: { retries: 5, timeoutMs: 30_000, totalMs: 900_000 },
  /** Bounds of the time limit for headers of a storage, which adapts to what was measured, in milliseconds. */
  adaptiveTimeout: { minMs: 10_000, maxMs: 120_000 },
  /**
   * A file or image: retries in each pass of the queue, retries in profile `stable`, passes, and wrong-content
   * attempts.
   */
  file: { retries: 8, stableRetries: 5, passes: 3, wrongContentAttempts: 3 },
} as const;
