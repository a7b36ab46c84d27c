import { FailureError } from "../failsafe/mod.ts";
import type { Profile } from "../transfer/mod.ts";

/** Options of {@linkcode StallTimer}. */
export interface StallTimerOptions {
  readonly profile: Profile;
  /** The caller's own signal. */
  readonly signal: AbortSignal;
  /** For messages. */
  readonly host: string;
}

/** Cuts a request whose answer does not begin in time, or whose body brings too little in each window. */
export class StallTimer implements Disposable {
  /** Aborts when the request stalls or the caller stops it. */
  readonly signal: AbortSignal;
  readonly #options: StallTimerOptions;
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #bytes = 0;

  constructor(options: StallTimerOptions) {
    const { headerTimeoutMs } = options.profile;
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#timer = setTimeout(
      () => this.#cut("timeout", `no answer within ${headerTimeoutMs / 1000} s`),
      headerTimeoutMs,
    );
  }

  /** The header has come: from now on the body is watched. */
  bodyBegins(): void {
    const { stallMs, stallBytes } = this.#options.profile;
    clearTimeout(this.#timer);
    this.#bytes = 0;
    this.#timer = setTimeout(() => {
      if (this.#bytes >= stallBytes) this.bodyBegins();
      else this.#cut("stall", `fewer than ${stallBytes} bytes in ${stallMs / 1000} s`);
    }, stallMs);
  }

  /** Bytes have come. */
  seen(bytes: number): void {
    this.#bytes += bytes;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #cut(failure: "timeout" | "stall", state: string): void {
    this.#stop.abort(new FailureError(failure, `Cannot fetch from "${this.#options.host}": ${state}`));
  }
}
