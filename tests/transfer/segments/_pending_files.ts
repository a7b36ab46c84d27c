import { setImmediate } from "node:timers";

type Operation = (...args: unknown[]) => Promise<unknown>;

/**
 * Counts the asynchronous file operations of this thread that are under way: writes of parts and journals. Replaces the
 * functions of the runtime until it is disposed.
 */
export class PendingFiles implements Disposable {
  /** Called when the last operation has ended and none has followed. */
  onIdle: () => void = () => {};
  readonly #restore: (() => void)[] = [];
  #count = 0;

  /** Replaces the functions; the count starts at 0. */
  constructor() {
    this.#watch(Deno, ["open", "rename", "lstat"]);
    this.#watch(Deno.FsFile.prototype, ["write"]);
  }

  /** Whether an operation is under way. */
  get isBusy(): boolean {
    return this.#count > 0;
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restore) restore();
  }

  #watch(owner: object, names: readonly string[]): void {
    const begin = (): void => void this.#count++;
    const end = (): void => this.#end();
    for (const name of names) {
      const real: Operation = Reflect.get(owner, name);
      Reflect.set(owner, name, function (this: unknown, ...args: unknown[]): Promise<unknown> {
        begin();
        return real.apply(this, args).finally(end);
      });
      this.#restore.push(() => Reflect.set(owner, name, real));
    }
  }

  /** The next operation of the same writer begins within this turn of the event loop. */
  #end(): void {
    setImmediate(() => {
      if (--this.#count === 0) this.onIdle();
    });
  }
}
