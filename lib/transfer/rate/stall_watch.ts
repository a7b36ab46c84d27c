import { FailureError } from "../../failsafe/mod.ts";

/** Options of {@linkcode StallWatch}. */
export interface StallWatchOptions {
  /** The caller's own signal; aborts the request too. */
  readonly signal: AbortSignal | undefined;
  /** Time limit from the request to the response headers. */
  readonly headerTimeoutMs: number;
  /** Length of the window in which the body must deliver `stallBytes`. */
  readonly stallMs: number;
  /** Bytes that must arrive in each window. */
  readonly stallBytes: number;
  /** The host, used in error messages. */
  readonly host: string;
  /**
   * Current time in milliseconds, a seam for tests.
   *
   * @default {performance.now}
   */
  readonly nowMs?: (() => number) | undefined;
}

/** The window slides by eighths: a silent body is aborted after at most 1.125 windows instead of two. */
const EIGHTHS = 8;

/**
 * Aborts a request whose response does not arrive in time, or whose body delivers too few bytes. The total time is not
 * limited, because large files may take hours.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StallWatch } from "@civitai-dl/civitai-dl/transfer";
 *
 * const limits = { headerTimeoutMs: 30_000, stallMs: 60_000, stallBytes: 4096 };
 * using watch = new StallWatch({ ...limits, signal: undefined, host: "files.example" });
 * const response = await fetch("data:text/plain,hello", { signal: watch.signal });
 * watch.stopHeaderTimeout();
 * watch.startStallWindow();
 * for await (const bytes of response.body!) watch.recordBytes(bytes.length);
 * assertEquals(watch.signal.aborted, false);
 * ```
 */
export class StallWatch implements Disposable {
  readonly #options: StallWatchOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #nowMs: () => number;
  #bytes = 0;
  #suspensions = 0;
  #hasStalled = false;
  /** When the wait for the headers began; `null` while nothing waits for them. */
  #headersFrom: number | null = null;
  /** When the last byte of the body arrived. */
  #byteAt = 0;
  /** When the last `stallBytes` bytes had arrived; `null` before the body is read. */
  #blockAt: number | null = null;
  #blockBytes = 0;
  #longestMs = 0;

  /**
   * Start the header timeout.
   *
   * @param options Limits and the caller's signal
   */
  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#signal = options.signal === undefined
      ? this.#stop.signal
      : AbortSignal.any([options.signal, this.#stop.signal]);
    this.startHeaderTimeout();
  }

  /** Restart the header timeout; called when a request is sent. */
  startHeaderTimeout(): void {
    const { headerTimeoutMs } = this.#options;
    clearTimeout(this.#timer);
    this.#headersFrom = this.#nowMs();
    this.#arm(headerTimeoutMs, "timeout", `no answer within ${headerTimeoutMs / 1000} s`);
  }

  /** Aborts when the request times out or stalls, or when the caller's signal aborts. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /**
   * Stop the header timeout; called when the headers arrive. The time until `startStallWindow()` does not count against the
   * host.
   */
  stopHeaderTimeout(): void {
    clearTimeout(this.#timer);
    this.#headersFrom = null;
  }

  /**
   * Give up soon, because the host answers other requests again after a silence: this one was probably lost in it.
   *
   * @param usualMs The longest time that the host usually takes; a wait of this length ends now
   */
  hurry(usualMs: number): void {
    const now = this.#nowMs();
    if (this.#headersFrom !== null) {
      const leftMs = Math.min(usualMs, this.#options.headerTimeoutMs) - (now - this.#headersFrom);
      clearTimeout(this.#timer);
      this.#arm(Math.max(0, leftMs), "timeout", "no answer, although it answers other requests");
    } else if (this.#blockAt !== null && this.#suspensions === 0 && now - this.#byteAt >= usualMs) {
      this.#hasStalled = true;
      this.#abort("stall", "no more bytes, although it answers other requests");
    }
  }

  /** Start the stall window; called when reading of the body begins. */
  startStallWindow(): void {
    this.#headersFrom = null;
    this.#blockAt = this.#nowMs();
    this.#byteAt = this.#blockAt;
    this.#watchWindow();
  }

  /**
   * The longest time that the body took for its next `stallBytes` bytes, in milliseconds, without suspended times;
   * `null` if the body has not been read. A stall is not included.
   */
  get longestWaitMs(): number | null {
    return this.#blockAt === null ? null : this.#longestMs;
  }

  /** Whether the body was aborted because it stalled. */
  get hasStalled(): boolean {
    return this.#hasStalled;
  }

  /** Count body bytes that arrived. */
  recordBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#blockAt === null) return;
    const now = this.#nowMs();
    if (bytes > 0) this.#byteAt = now;
    this.#longestMs = Math.max(this.#longestMs, now - this.#blockAt);
    this.#blockBytes += bytes;
    if (this.#blockBytes < this.#options.stallBytes) return;
    this.#blockBytes = 0;
    this.#blockAt = now;
  }

  /** Suspend the stall limit while the transfer waits for something local, such as the rate limiter or the disk. */
  async suspendDuring(wait: Promise<unknown>): Promise<void> {
    this.#suspensions++;
    try {
      await wait;
    } finally {
      this.#suspensions--;
      if (this.#blockAt !== null) this.#blockAt = this.#byteAt = this.#nowMs();
    }
  }

  /** Stop all timers; the signal no longer aborts because of them. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #watchWindow(): void {
    const { stallMs, stallBytes } = this.#options;
    clearTimeout(this.#timer);
    const marks = [this.#bytes];
    this.#timer = setInterval(() => {
      if (this.#suspensions > 0) this.#bytes += stallBytes;
      marks.push(this.#bytes);
      if (marks.length <= EIGHTHS || this.#bytes - marks.shift()! >= stallBytes) return;
      clearTimeout(this.#timer);
      this.#hasStalled = true;
      this.#abort("stall", `fewer than ${stallBytes} bytes in ${stallMs / 1000} s`);
    }, stallMs / EIGHTHS);
  }

  #arm(ms: number, failure: "timeout" | "stall", state: string): void {
    this.#timer = setTimeout(() => this.#abort(failure, state), ms);
  }

  #abort(failure: "timeout" | "stall", state: string): void {
    this.#stop.abort(new FailureError(failure, `Cannot fetch from "${this.#options.host}": ${state}`));
  }
}
