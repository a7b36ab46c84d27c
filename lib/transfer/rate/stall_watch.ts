import { FailureError } from "../../failsafe/mod.ts";

/** Options of {@linkcode StallWatch}. */
export interface StallWatchOptions {
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** Until the first header. */
  readonly headerTimeoutMs: number;
  /** The window of the body. */
  readonly stallMs: number;
  /** What must come in each window. */
  readonly stallBytes: number;
  /** For messages. */
  readonly host: string;
}

/** The window slides by quarters: a body that falls silent is cut after a window and a quarter, not after two windows. */
const QUARTERS = 4;

/** Cuts a request that brings nothing, without any bound on the total time: large files may take hours. */
export class StallWatch implements Disposable {
  readonly #options: StallWatchOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #bytes = 0;
  #resting = 0;

  /**
   * Begin to wait for the first header.
   *
   * @param options Limits and the caller's signal
   */
  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#signal = options.signal === undefined
      ? this.#stop.signal
      : AbortSignal.any([options.signal, this.#stop.signal]);
    this.asked();
  }

  /** Something was asked for, and its first header is waited for. */
  asked(): void {
    const { headerTimeoutMs } = this.#options;
    clearTimeout(this.#timer);
    this.#arm(headerTimeoutMs, "timeout", `no answer within ${headerTimeoutMs / 1000} s`);
  }

  /** Aborts when the request stalls or the caller stops it. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** The header has come: what happens until the body is read is our own time. */
  answered(): void {
    clearTimeout(this.#timer);
  }

  /** From now on the body is watched. */
  bodyBegins(): void {
    this.#watchWindow();
  }

  /** Bytes have come. */
  seen(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Nothing is asked of the host while we wait for something of our own. */
  async rest(wait: Promise<unknown>): Promise<void> {
    this.#resting++;
    try {
      await wait;
    } finally {
      this.#resting--;
    }
  }

  /** Stop watching. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #watchWindow(): void {
    const { stallMs, stallBytes } = this.#options;
    clearTimeout(this.#timer);
    const marks = [this.#bytes];
    this.#timer = setInterval(() => {
      if (this.#resting > 0) this.#bytes += stallBytes;
      marks.push(this.#bytes);
      if (marks.length <= QUARTERS || this.#bytes - marks.shift()! >= stallBytes) return;
      clearTimeout(this.#timer);
      this.#abort("stall", `fewer than ${stallBytes} bytes in ${stallMs / 1000} s`);
    }, stallMs / QUARTERS);
  }

  #arm(ms: number, failure: "timeout" | "stall", state: string): void {
    this.#timer = setTimeout(() => this.#abort(failure, state), ms);
  }

  #abort(failure: "timeout" | "stall", state: string): void {
    this.#stop.abort(new FailureError(failure, `Cannot fetch from "${this.#options.host}": ${state}`));
  }
}
