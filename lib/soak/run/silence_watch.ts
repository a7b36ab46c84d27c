/** Options of {@linkcode SilenceWatch}. */
export interface SilenceWatchOptions {
  /** Name of the process in the message, such as `p0`. */
  readonly name: string;
  /** Also stops the process. */
  readonly signal: AbortSignal;
  /**
   * Time without a sign of life after which the process is stopped, in milliseconds.
   *
   * @default {120000}
   */
  readonly silentMs?: number | undefined;
}

/**
 * Stops a process that gives no sign of life: a deadlock must not end in a test that never ends.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SilenceWatch } from "@civitai-dl/civitai-dl/soak";
 *
 * using watch = new SilenceWatch({ name: "p0", signal: new AbortController().signal });
 * watch.beat("planning");
 * assertEquals(watch.signal.aborted, false);
 * ```
 */
export class SilenceWatch implements Disposable {
  /** Aborts when the process stood still for too long, or when the other signal does. */
  readonly signal: AbortSignal;
  readonly #timer: ReturnType<typeof setInterval>;
  #seenMs = performance.now();
  #state = "starting";

  /**
   * Begin to watch.
   *
   * @param options Name, signal, time
   */
  constructor({ name, signal, silentMs = 120_000 }: SilenceWatchOptions) {
    const stop = new AbortController();
    this.signal = AbortSignal.any([signal, stop.signal]);
    this.#timer = setInterval(() => {
      if (performance.now() - this.#seenMs < silentMs) return;
      stop.abort(new Error(`process ${name} stood still at "${this.#state}"`));
    }, Math.min(1000, silentMs));
  }

  /** Record a sign of life, and what the process does. */
  readonly beat = (state?: string): void => {
    this.#seenMs = performance.now();
    this.#state = state ?? this.#state;
  };

  /** Stop watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
