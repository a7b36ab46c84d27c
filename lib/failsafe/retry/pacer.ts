import { type Clock, systemClock } from "../../base/mod.ts";

/** Options of {@linkcode Pacer}. */
export interface PacerOptions {
  /** Requests per second; 0 or `Infinity` means no pacing. */
  readonly perSecond: number;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * Spaces calls evenly: at most `perSecond` calls per second, in the order of the callers.
 *
 * @example
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import { Pacer } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const pacer = new Pacer({ perSecond: 100 });
 * const start = performance.now();
 * for (let call = 0; call < 3; call++) await pacer.waitTurn();
 * // The second and the third call wait 10 ms each.
 * assertGreater(performance.now() - start, 15);
 * ```
 */
export class Pacer {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #next = -Infinity;

  /**
   * The first call does not wait.
   *
   * @param options Rate and clock
   */
  constructor(options: PacerOptions) {
    const { perSecond, clock = systemClock } = options;
    this.#intervalMs = perSecond > 0 && Number.isFinite(perSecond) ? 1000 / perSecond : 0;
    this.#clock = clock;
  }

  /** Wait for the next turn. A wait that is aborted still uses up its turn. */
  async waitTurn(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = this.#clock.monotonic();
    const turnAt = Math.max(now, this.#next);
    this.#next = turnAt + this.#intervalMs;
    if (turnAt > now) await this.#clock.sleep(turnAt - now, options);
  }

  /**
   * Grant no turn for `ms` milliseconds, because the server requested a pause. Turns that were already granted are
   * unaffected.
   */
  pause(ms: number): void {
    this.#next = Math.max(this.#next, this.#clock.monotonic() + ms);
  }
}
