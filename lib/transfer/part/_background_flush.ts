/** So much is written before it is flushed: less asks the disk too often, more leaves work for the end. */
const FLUSH_FROM_BYTES = 64 << 20;
/** A disk that takes longer is slower than the line. What it has not written by then, a stop would have to wait for. */
const SLOW_FLUSH_MS = 2000;

/** A handle of its own: calls on one handle wait for each other, and a write must not wait for the disk. */
export interface FlushHandle extends Disposable {
  /** Flush what was written through any handle of the file. */
  syncData(): Promise<void>;
}

/** Options of {@linkcode BackgroundFlush}. */
export interface BackgroundFlushOptions {
  /** Opens the handle; called when there is enough to flush. */
  readonly open: () => Promise<FlushHandle>;
  /** Time in milliseconds, as `performance.now`. */
  readonly nowMs: () => number;
}

/**
 * Flushes a large file while it is written, so that little is left for the flush at its end, and little is lost when the
 * machine stops. One flush at a time. Where the disk is slower than the line it leaves the file alone, as the flush at
 * the end takes as long anyway.
 */
export class BackgroundFlush implements AsyncDisposable {
  readonly #options: BackgroundFlushOptions;
  #handle: FlushHandle | undefined;
  #unflushedBytes = 0;
  #flushing: Promise<void> | undefined;
  #isOver = false;
  #error: unknown;

  constructor(options: BackgroundFlushOptions) {
    this.#options = options;
  }

  /** So many bytes more have been written. */
  written(count: number): void {
    this.#unflushedBytes += count;
    if (this.#isOver || this.#flushing !== undefined || this.#unflushedBytes < FLUSH_FROM_BYTES) return;
    this.#unflushedBytes = 0;
    this.#flushing = this.#flush().finally(() => this.#flushing = undefined);
  }

  /**
   * Wait for the flush that is under way and begin no other.
   *
   * @throws What a flush failed with: the system tells each handle once that it could not write
   */
  async finish(): Promise<void> {
    this.#isOver = true;
    await this.#flushing;
    if (this.#error !== undefined) throw this.#error;
  }

  /** Begin no other flush, and wait for the one that is under way: nothing can stop it, not even the end of the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#flushing;
    this.#handle?.[Symbol.dispose]();
  }

  async #flush(): Promise<void> {
    const { open, nowMs } = this.#options;
    try {
      this.#handle ??= await open();
      const begunMs = nowMs();
      await this.#handle.syncData();
      if (nowMs() - begunMs > SLOW_FLUSH_MS) this.#isOver = true;
    } catch (error) {
      this.#isOver = true;
      this.#error = error;
    }
  }
}
