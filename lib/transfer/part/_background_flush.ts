import { systemFault } from "../../base/mod.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";

/**
 * A slower flush means that the disk is slower than the line. The end of the program also has to wait for a running
 * flush.
 */
const SLOW_FLUSH_MS = 2000;

/** A separate file handle: calls on one handle are serialized, and a write must not wait for a flush. */
export interface FlushHandle extends Disposable {
  /** Flush the data written through any handle of the file. */
  syncData(): Promise<void>;
}

/** Options of {@linkcode BackgroundFlush}. */
export interface BackgroundFlushOptions {
  /** Opens the handle; called before the first flush. */
  readonly open: () => Promise<FlushHandle>;
  /** Monotonic time in milliseconds, such as `performance.now`. */
  readonly nowMs: () => number;
}

/**
 * Flushes a large file while it is written, so that little is left for the final flush, and little is lost if the
 * machine crashes. Only one flush runs at a time. Flushing stops if the disk is slower than the line, because the final
 * flush then takes just as long anyway.
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

  /** Count bytes that were written, and start a flush if there are enough. */
  recordWritten(count: number): void {
    this.#unflushedBytes += count;
    if (this.#isOver || this.#flushing !== undefined || this.#unflushedBytes < SIZE_THRESHOLDS.flushEvery) return;
    this.#unflushedBytes = 0;
    this.#flushing = this.#flush().finally(() => this.#flushing = undefined);
  }

  /**
   * Wait for the running flush, and do not start another one.
   *
   * @throws The error of a failed flush: the operating system reports a write error only once per handle
   */
  async finish(): Promise<void> {
    this.#isOver = true;
    await this.#flushing;
    if (this.#error !== undefined) throw this.#error;
  }

  /**
   * Wait for the running flush, and do not start another one. Nothing can interrupt a flush, not even the end of the
   * process.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#flushing;
    this.#handle?.[Symbol.dispose]();
  }

  async #flush(): Promise<void> {
    const { open, nowMs } = this.#options;
    try {
      this.#handle ??= await open();
      const startMs = nowMs();
      await this.#handle.syncData();
      if (nowMs() - startMs > SLOW_FLUSH_MS) this.#isOver = true;
    } catch (error) {
      this.#isOver = true;
      // A file system that cannot flush loses nothing by that; the final flush finds it out again.
      if (systemFault(error) !== "unsupported") this.#error = error;
    }
  }
}
