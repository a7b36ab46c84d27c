type Timer = ReturnType<typeof setTimeout>;

/**
 * Counts the pending timers of a process by wrapping `setTimeout` and `setInterval`: no runtime tells their number. It is
 * an instrument for a process under test; its functions behave as before.
 */
export class TimerMeter implements Disposable {
  readonly #pending = new Set<unknown>();
  readonly #restore: () => void;

  /** Begin to count; timers that exist already are not included. */
  constructor() {
    const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
    const pending = this.#pending;
    Object.assign(globalThis, {
      setTimeout<T extends unknown[]>(callback: (...args: T) => void, ms?: number, ...args: T): Timer {
        const id = setTimeout(
          (...given: T) => {
            pending.delete(id);
            callback(...given);
          },
          ms,
          ...args,
        );
        pending.add(id);
        return id;
      },
      setInterval<T extends unknown[]>(callback: (...args: T) => void, ms?: number, ...args: T): Timer {
        const id = setInterval(callback, ms, ...args);
        pending.add(id);
        return id;
      },
      // Either function clears timers of both kinds.
      clearTimeout(id?: Timer): void {
        if (id !== undefined) pending.delete(id);
        clearTimeout(id);
      },
      clearInterval(id?: Timer): void {
        if (id !== undefined) pending.delete(id);
        clearInterval(id);
      },
    });
    this.#restore = () => void Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval });
  }

  /** Number of timers that have neither fired nor been cleared. */
  get count(): number {
    return this.#pending.size;
  }

  /** Restore the functions of the platform. */
  [Symbol.dispose](): void {
    this.#restore();
  }
}
