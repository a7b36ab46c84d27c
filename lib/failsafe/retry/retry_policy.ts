/**
 * How often and for how long this program tries again; all of its retries take their numbers from here. There is no
 * budget of retries that a run shares: what bounds a storm are the breakers, the connections a host may have and the pace
 * of requests, and a budget on top makes files fail that another try would bring. `docs/failsafe.md` has the measurement.
 */
export const RETRY_POLICY = {
  /**
   * Waits between tries, in milliseconds: anything up to `baseMs` doubled with each try, `capMs` at most. A storage that
   * has served any file within ten seconds is not down, so there is nothing to wait for: `servingCapMs` at most.
   */
  backoff: { baseMs: 1000, capMs: 30_000, servingCapMs: 2000 },
  /**
   * Most tries after the first that failed with a class, where that is fewer than the caller allows. A web page instead of
   * a file is a hiccup on the way, or it stays: two more tries tell which.
   */
  mostRetries: { unusable: 2 },
  /** A server that asks for a longer wait, in milliseconds, gets none: its error comes through. */
  maxRetryAfterMs: 120_000,
  /** A host that says nothing is waited for so long, in milliseconds: `--patience`. */
  patienceMs: 300_000,
  /** A question to the API: tries after the first, and all tries and waits together in milliseconds. */
  question: { retries: 5, totalMs: 900_000 },
  /** A file or image: tries after the first, in each pass of the queue. */
  file: { retries: 8, stableRetries: 5, passes: 3, wrongContentTries: 3 },
} as const;
