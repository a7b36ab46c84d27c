import type { ItemKind } from "../../library/mod.ts";
import type { Profile } from "../../transfer/mod.ts";

interface Waiter {
  readonly start: () => void;
}

/**
 * Limits the items that each profile fetches at once. A run in which several profiles are in use has as many workers as
 * the fastest one needs, and a slower one must not use them all: `stable` fetches one item after another.
 */
export class ProfileSlots {
  readonly #used = new Map<string, number>();
  readonly #waiting = new Map<string, Waiter[]>();

  /** Wait for a slot; dispose the result to free it. */
  async acquire(
    profile: Pick<Profile, "name" | "connections">,
    options: { readonly kind: ItemKind; readonly signal: AbortSignal },
  ): Promise<Disposable> {
    const { kind, signal } = options;
    signal.throwIfAborted();
    const { name, connections } = profile;
    // Files and images come from different hosts, so each kind has slots of its own. With one connection, they share a
    // slot: one item after another, whatever its kind.
    const key = connections === 1 ? name : `${name} ${kind === "file" ? "files" : "images"}`;
    const used = this.#used.get(key) ?? 0;
    // A slot that was waited for is passed on by #free(), and is counted already.
    if (used >= connections) await this.#wait(key, signal);
    else this.#used.set(key, used + 1);
    let isFreed = false;
    return {
      [Symbol.dispose]: () => {
        if (!isFreed) this.#free(key);
        isFreed = true;
      },
    };
  }

  #wait(key: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(key) ?? [];
    const stop = (): void => {
      waiting.splice(waiting.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const waiter: Waiter = {
      start() {
        signal.removeEventListener("abort", stop);
        resolve();
      },
    };
    waiting.push(waiter);
    this.#waiting.set(key, waiting);
    signal.addEventListener("abort", stop, { once: true });
    return promise;
  }

  /** Pass a slot on to whoever waits longest. */
  #free(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next !== undefined) next.start();
    else this.#used.set(key, this.#used.get(key)! - 1);
  }
}
