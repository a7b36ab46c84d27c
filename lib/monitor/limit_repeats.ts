import { type Clock, systemClock } from "../base/mod.ts";

/** How long repetitions are held back, in milliseconds. */
const EVERY_MS = 600_000;
/** Maximum number of kinds that are remembered; beyond it, the one that was not seen for longest is forgotten. */
const MAX_KINDS = 256;

interface Repeats {
  /** When one of the kind was last let through. */
  readonly atMs: number;
  readonly suppressed: number;
}

/** Lets each new kind of message through at once, and its repetitions once in ten minutes. */
export class RepeatLimiter {
  readonly #clock: Clock;
  /** By kind, the one that was not seen for longest first. */
  readonly #kinds = new Map<string, Repeats>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /**
   * Count one message.
   *
   * @param kind Its kind, such as `timeout:failed`
   * @returns How many of its kind were held back since the last one; `null` if this one is held back, too
   */
  admit(kind: string): number | null {
    const nowMs = this.#clock.monotonic();
    const known = this.#kinds.get(kind);
    const isHeld = known !== undefined && nowMs - known.atMs < EVERY_MS;
    this.#kinds.delete(kind);
    this.#kinds.set(kind, isHeld ? { ...known, suppressed: known.suppressed + 1 } : { atMs: nowMs, suppressed: 0 });
    if (this.#kinds.size > MAX_KINDS) this.#kinds.delete(this.#kinds.keys().next().value!);
    return isHeld ? null : known?.suppressed ?? 0;
  }
}

/** Say how many messages were held back: empty if none was. */
export function saySuppressed(suppressed: number): string {
  return suppressed === 0 ? "" : ` (and ${suppressed} more since the last)`;
}

/**
 * Hold back repeated messages, which would otherwise fill a log for weeks.
 *
 * @returns A function that reports a message, or counts it
 */
export function limitRepeats(report: (message: string) => void, clock?: Clock): (message: string) => void {
  const limiter = new RepeatLimiter(clock);
  return (message) => {
    const suppressed = limiter.admit(message);
    if (suppressed !== null) report(`${message}${saySuppressed(suppressed)}`);
  };
}
