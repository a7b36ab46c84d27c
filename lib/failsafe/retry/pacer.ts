import { type Clock, systemClock } from "../../base/mod.ts";

/** Options of {@linkcode Pacer}. */
export interface PacerOptions {
  /** Requests per second; 0 or `Infinity` means no pacing. */
  readonly perSecond: number;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Spaces calls evenly: at most `perSecond`, each waiter in its turn. */
export class Pacer {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #next = -Infinity;

  /**
   * Make one.
   *
   * @param options Rate and clock
   */
  constructor(options: PacerOptions) {
    const { perSecond, clock = systemClock } = options;
    this.#intervalMs = perSecond > 0 && Number.isFinite(perSecond) ? 1000 / perSecond : 0;
    this.#clock = clock;
  }

  /** Wait for the next turn. */
  async turn(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#intervalMs;
    if (at > now) await this.#clock.sleep(at - now, options);
  }

  /** Let nobody pass for `ms`: the server asked for a pause. */
  pause(ms: number): void {
    this.#next = Math.max(this.#next, this.#clock.monotonic() + ms);
  }
}
