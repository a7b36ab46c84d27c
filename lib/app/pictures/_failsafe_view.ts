import type { Clock } from "../../base/mod.ts";
import { Failsafe, type FailsafeStatus } from "../../failsafe/mod.ts";
import { stateFolder } from "../../library/mod.ts";

/** Age in milliseconds at which the state is read again. */
const FRESH_MS = 1000;

/** Looks at the failsafe of a library, which the run that holds the library writes. */
export class FailsafeView {
  readonly #root: string;
  readonly #clock: Clock;
  #status: FailsafeStatus | null = null;
  #readAt = -Infinity;

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  /** Why no request may be sent to a host now; `null` if one may. */
  refusalOf(host: string): string | null {
    const status = this.#read();
    if (status === null) return null;
    if (status.mode.name === "paused") return `the failsafe has paused: ${status.mode.reason}`;
    const breaker = status.breakers.find(({ key }) => key === host);
    const isOpen = breaker?.state === "open" && Date.parse(breaker.until ?? "") > this.#clock.now();
    return isOpen ? `"${host}" ${breaker.reason ?? "does not answer"}` : null;
  }

  #read(): FailsafeStatus | null {
    const now = this.#clock.monotonic();
    if (now - this.#readAt < FRESH_MS) return this.#status;
    this.#readAt = now;
    try {
      this.#status = Failsafe.peek(stateFolder(this.#root), { clock: this.#clock, onWarning: () => {} });
    } catch {
      // A state that cannot be read stops a run, not the look at a picture.
      this.#status = null;
    }
    return this.#status;
  }
}
