/** Permit for one connection to a host; dispose it when the connection is no longer needed. */
export interface ConnectionPermit extends Disposable {
  /** Report that the response headers arrived after `latencyMs` milliseconds. */
  recordResponse(latencyMs: number): void;
  /** Report that body bytes arrived; called very often. */
  recordFlow(): void;
  /**
   * Report that the host refused the request because of overload; `retryAfterMs` is the wait that it requests, if any.
   */
  recordRefusal(retryAfterMs: number | undefined): void;
  /** Report that the response is unusable, or did not arrive completely, for example because the connection broke. */
  recordFailure(error: unknown): void;
}

/** A permit pool that decides how many connections each host may have; shared by all transfers. */
export interface ConnectionPermits {
  /** Wait for a permit; rejects with the reason of `signal` if that aborts first. */
  acquire(host: string, options: { readonly signal?: AbortSignal | undefined }): Promise<ConnectionPermit>;
  /** Return a permit if one is free and nobody waits for it, else `null`. */
  tryAcquire(host: string): ConnectionPermit | null;
  /**
   * Whether the host has served something in the last few seconds. If the method is absent, the host counts as silent.
   */
  isServing?(host: string): boolean;
  /**
   * Returns a signal that aborts when the host serves something again after it was silent: what waits for it from before
   * may try again at once. If the method is absent, nobody notices that.
   */
  revivalOf?(host: string): AbortSignal;
}

/** A permit pool without a limit. */
export const UNLIMITED_PERMITS: ConnectionPermits = {
  acquire: () => Promise.resolve(FREE_PERMIT),
  tryAcquire: () => FREE_PERMIT,
};

/** A permit that ignores all reports. */
export const FREE_PERMIT: ConnectionPermit = {
  recordResponse() {},
  recordFlow() {},
  recordRefusal() {},
  recordFailure() {},
  [Symbol.dispose]() {},
};
