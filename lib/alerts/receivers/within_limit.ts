/** Options of {@linkcode withinLimit}. */
export interface WithinLimitOptions {
  readonly timeoutMs: number;
  /** Stops the call before the time limit. */
  readonly signal: AbortSignal | undefined;
  /** Creates the error to throw at the time limit. */
  readonly onTimeout: () => Error;
}

/**
 * Run a function with a time limit that holds even if the function ignores its signal. The limit counts real time,
 * because it guards network calls, which no fake clock controls.
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
