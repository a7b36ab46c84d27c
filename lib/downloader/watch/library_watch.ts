import { KitError, systemClock } from "../../base/mod.ts";
import type { Library } from "../open_library.ts";

/** Options of {@linkcode LibraryWatch}. */
export interface LibraryWatchOptions {
  /** Stops the run for other reasons. */
  readonly signal: AbortSignal;
}

/** Time between two looks, in milliseconds. */
const EVERY_MS = 1000;

/**
 * Stops a run whose library vanishes, such as by an unmounted disk. Files that are open stay usable then, but new ones
 * would go to the disk below, and files that are there would count as missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LibraryWatch, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using library = await openLibrary(folder, { command: "example" });
 *   await using watch = new LibraryWatch(library, { signal: AbortSignal.timeout(60_000) });
 *   assertEquals([watch.signal.aborted, watch.gone], [false, null]);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class LibraryWatch implements AsyncDisposable {
  /** Aborts when the run is stopped or the library is gone; the reason is then {@linkcode LibraryWatch.gone}. */
  readonly signal: AbortSignal;
  readonly #library: Pick<Library, "assertPresent">;
  readonly #gone = new AbortController();
  readonly #end = new AbortController();
  readonly #watching: Promise<void>;
  #reports: Promise<void> = Promise.resolve();

  /**
   * Start to watch.
   *
   * @param library The library, open for writing
   * @param options The signal
   */
  constructor(library: Pick<Library, "assertPresent">, { signal }: LibraryWatchOptions) {
    this.#library = library;
    this.signal = AbortSignal.any([signal, this.#gone.signal]);
    this.#watching = this.#watch();
  }

  /** Why the library is gone, an error with code `unsafe`; `null` while it is there. */
  get gone(): KitError | null {
    return this.#gone.signal.aborted ? this.#gone.signal.reason : null;
  }

  /** Stop watching, once all warnings are reported. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#watching;
    await this.#reports;
  }

  /**
   * Report warnings only after a look has shown that the library is there: what cannot be written into one that is gone
   * has that one cause, which the end of the run names.
   *
   * @param onWarning Is called with each warning, in their order
   * @returns A function that takes warnings
   */
  reportWhilePresent(onWarning: (message: string) => void): (message: string) => void {
    return (message) => {
      this.#reports = this.#reports.then(() => this.look()).then(() => {
        if (this.gone === null) onWarning(message);
      });
    };
  }

  /** Look now, such as before something is written at the end of a run. */
  async look(): Promise<void> {
    try {
      await this.#library.assertPresent();
    } catch (error) {
      // Whatever else prevents a look is found by those who use the library.
      if (error instanceof KitError && !this.#gone.signal.aborted) this.#gone.abort(error);
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted && !this.#gone.signal.aborted) {
      // Only disposal ends a sleep early, and the loop checks for it.
      await systemClock.sleep(EVERY_MS, { signal }).catch(() => {});
      if (!signal.aborted) await this.look();
    }
  }
}
