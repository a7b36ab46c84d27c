/** Options of {@linkcode withinLimit}. */
export interface WithinLimitOptions {
  readonly timeoutMs: number;
  /** Ends it before. */
  readonly signal?: AbortSignal | undefined;
  /** What is thrown when the time is over. */
  readonly onTimeout: () => Error;
}

/**
 * Run something that is over when its time is over, even if it does not heed the signal that it gets. In real time: it
 * guards what no test clock moves.
 */
export async function withinLimit<T>(
  run: (signal: AbortSignal) => Promise<T>,
  options: WithinLimitOptions,
): Promise<T> {
  const { timeoutMs, signal, onTimeout } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  const stopByCaller = () => stop(signal?.reason);
  signal?.addEventListener("abort", stopByCaller, { once: true });
  const timer = setTimeout(() => stop(onTimeout()), timeoutMs);
  try {
    return await Promise.race([run(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stopByCaller);
  }
}
