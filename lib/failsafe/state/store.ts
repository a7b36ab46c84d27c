import { type Clock, KitError, messageOf } from "../../base/mod.ts";
import { failsafeFile } from "./document.ts";
import type { FailsafeState } from "./failsafe_state.ts";
import type { FailsafeChange, FailsafeEvent } from "../failsafe_event.ts";

/** Options of {@linkcode Store}. */
export interface StoreOptions {
  /** Path of the state file; `null` keeps the state in memory. */
  readonly path: string | null;
  readonly state: FailsafeState;
  readonly clock: Clock;
  readonly onEvent: ((event: FailsafeEvent) => void) | undefined;
  readonly onWarning: (message: string) => void;
}

/** Minimum time between two writes of what may be lost, such as counts of calls, in milliseconds. */
const SAVE_MS = 1000;

/**
 * Keeps the state in its file, and reports its transitions. All operations are synchronous, because writes are small and
 * rare, and callers need the result at once.
 */
export class Store {
  readonly #options: StoreOptions;
  #savedAt: number;
  #isDirty = false;
  /** Whether the last write failed: a full disk stays full for a long time, and one warning is enough. */
  #isFailing = false;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#savedAt = options.clock.monotonic();
  }

  /** Current time in whole milliseconds since the epoch. */
  now(): number {
    return Math.round(this.#options.clock.now());
  }

  /**
   * Load the file, if there is one. A corrupt file is renamed.
   *
   * @throws {KitError} If a newer version of the program wrote it, or something else is in its place
   */
  load(): void {
    const { path, state, onWarning } = this.#options;
    if (path === null) return;
    try {
      const document = failsafeFile(path).openSync(onWarning);
      if (document !== null) state.load(document);
    } catch (error) {
      if (error instanceof KitError) throw error;
      onWarning(`Cannot read "${path}": ${messageOf(error)}`);
    }
  }

  /** Write transitions at once, and report them; without any, write what else has changed when it is due. */
  commit(changes: readonly FailsafeChange[]): void {
    if (changes.length === 0) this.saveIfDue();
    else this.write(changes, this.now());
  }

  /** Write the state at once, and report transitions with their time in milliseconds since the epoch. */
  write(changes: readonly FailsafeChange[], at: number): void {
    const events = this.#options.state.stamp(changes, at);
    this.#save({ sync: true });
    for (const event of events) this.#report(event);
  }

  /** Note that something has changed, and write it if the last write was `SAVE_MS` ago. */
  saveIfDue(): void {
    this.#isDirty = true;
    if (this.#options.clock.monotonic() - this.#savedAt >= SAVE_MS) this.#save({ sync: false });
  }

  /** Write what is not written yet. */
  finish(): void {
    if (this.#isDirty) this.#save({ sync: false });
  }

  #save(options: { readonly sync: boolean }): void {
    const { path, state, clock, onWarning } = this.#options;
    this.#isDirty = false;
    this.#savedAt = clock.monotonic();
    if (path === null) return;
    try {
      failsafeFile(path).writeSync(state, options);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
        onWarning(`Cannot write "${path}": ${messageOf(error)}; the next run will not know the state`);
      }
      this.#isFailing = true;
      this.#isDirty = true;
    }
  }

  #report(event: FailsafeEvent): void {
    const { onEvent, onWarning } = this.#options;
    try {
      onEvent?.(event);
    } catch (error) {
      onWarning(`Cannot report a ${event.type} event: ${messageOf(error)}`);
    }
  }
}
