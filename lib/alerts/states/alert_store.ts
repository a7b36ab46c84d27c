import { dirname } from "node:path";
import { cleanText, ensurePrivateFolder, isDiskFault, KitError, messageOf, type StateFile } from "../../base/mod.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "./alert_state.ts";
import { alertsFile, formatAlertState } from "./parse_alert_state.ts";

/** Options of {@linkcode AlertStore}. */
export interface AlertStoreOptions {
  /** Called with a message when the state cannot be read, locked or written. */
  readonly onWarning?: (message: string) => void;
  /**
   * Whether the state's folder may be used. If not, such as while the disk of a library is not mounted, the state is kept
   * in memory, and nothing is created.
   *
   * @default {it may}
   */
  readonly isPresent?: (() => boolean | Promise<boolean>) | undefined;
}

/** How long to wait for another process to release the lock, in milliseconds. */
const WAIT_MS = 30_000;

/** A state and the text it was read from, so that an unchanged state is not written again. */
interface Loaded {
  readonly state: AlertState;
  readonly text: string | null;
}

/**
 * Keeps the alert state in a file that several processes share. Changes happen under a lock, and writes are atomic:
 * after a kill, the file contains the old state or the new one. A damaged one is moved aside.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSilence, AlertStore } from "@civitai-dl/civitai-dl/alerts";
 *
 * const store = new AlertStore(`${await Deno.makeTempDir()}/alerts.json`);
 * const endsAt = Date.now() + 3_600_000;
 * await store.update((state) => addSilence(state, "HighDiskUsage", { endsAt, comment: "" }));
 * assertEquals(Object.keys((await store.read()).silences), ["HighDiskUsage"]);
 * ```
 */
export class AlertStore {
  readonly #file: StateFile<AlertState>;
  readonly #onWarning: (message: string) => void;
  readonly #isPresent: () => boolean | Promise<boolean>;
  /** A state that could not be written; kept in memory so that alerts still go out when the disk is full. */
  #unsaved: Loaded | undefined;
  /** The file as it was last read or written, and the state that came of it, whose time of evaluation may be later. */
  #last: Loaded | undefined;

  /**
   * Create a store; nothing is read yet.
   *
   * @param path Path of the state file; {@linkcode AlertStore.update} creates its folder
   * @param options Warnings, and whether its folder may be used
   */
  constructor(path: string, options: AlertStoreOptions = {}) {
    const { onWarning = () => {}, isPresent = () => true } = options;
    this.#file = alertsFile(path);
    this.#onWarning = onWarning;
    this.#isPresent = isPresent;
  }

  /** Path of the state file. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Read the state, without a lock and without changing anything.
   *
   * @returns The state, or one that could not be written yet; empty if there is no file or it cannot be parsed
   * @throws {KitError} `unsafe` if a later version wrote the state
   */
  async read(): Promise<AlertState> {
    if (this.#unsaved !== undefined) return this.#unsaved.state;
    if (!await this.#isPresent()) return this.#last?.state ?? EMPTY_ALERT_STATE;
    try {
      return (await this.#read()).state;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#onWarning(`Cannot read "${this.path}": ${cleanText(error.message)}`);
      return EMPTY_ALERT_STATE;
    }
  }

  /**
   * Change the state under the lock, and write it. If nothing but times of evaluation would change, neither the state
   * nor the lock is written, so that a disk can sleep. A state that cannot be written is kept in memory, and the next
   * update tries to write it.
   *
   * @param change Computes the new state; it may be called twice, and the last call counts: no other process can change
   * the state then
   * @param options A signal that stops the wait for the lock
   * @returns The new state
   * @throws {KitError} `unsafe` if a later version wrote the state, or another process does not release the lock in
   * time
   */
  async update(
    change: (state: AlertState) => AlertState,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<AlertState> {
    if (!await this.#isPresent()) return this.#changeInMemory(change);
    const unchanged = await this.#changeNothing(change);
    if (unchanged !== null) return unchanged;
    const lock = await this.#lock(options.signal);
    try {
      return await this.#change(change);
    } finally {
      lock?.[Symbol.dispose]();
    }
  }

  /** Change a state that nobody can read now; it is written when its folder is back. */
  #changeInMemory(change: (state: AlertState) => AlertState): AlertState {
    const state = change((this.#unsaved ?? this.#last)?.state ?? EMPTY_ALERT_STATE);
    this.#unsaved = { state, text: null };
    return state;
  }

  /** Compute the new state without a lock; `null` if it has to be written. */
  async #changeNothing(change: (state: AlertState) => AlertState): Promise<AlertState | null> {
    if (this.#unsaved !== undefined) return null;
    let loaded: Loaded;
    try {
      loaded = await this.#read();
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
    const { state, text } = loaded;
    const next = change(state);
    if (text === null || !isSameButLater(state, next)) return null;
    this.#last = { state: next, text };
    return next;
  }

  async #change(change: (state: AlertState) => AlertState): Promise<AlertState> {
    const { state, text } = this.#unsaved ?? await this.#load();
    const next = change(state);
    const written = this.#file.format(next);
    if (written === text) return next;
    try {
      await this.#file.write(next);
      this.#unsaved = undefined;
      this.#last = { state: next, text: written };
    } catch (error) {
      this.#unsaved = { state: next, text: null };
      this.#onWarning(`Cannot write "${this.path}": ${messageOf(error)}`);
    }
    return next;
  }

  /** Acquire the lock; `undefined` if the lock file cannot be written: then no process can write the state either. */
  async #lock(signal: AbortSignal | undefined): Promise<Disposable | undefined> {
    try {
      // A folder that was there before may be on a disk that is not mounted any more.
      const isNew = this.#last === undefined || this.#last.text === null;
      if (isNew && await this.#isPresent()) ensurePrivateFolder(dirname(this.path));
      const waiting = { command: "alerts", waitMs: WAIT_MS, signal };
      return await this.#file.lock(waiting);
    } catch (error) {
      const isGone = error instanceof Deno.errors.NotFound;
      if (!(error instanceof Error) || error instanceof KitError || signal?.aborted) throw error;
      if (!isGone && !isDiskFault(error)) throw error;
      this.#onWarning(`Cannot lock "${this.path}": ${error.message}`);
      return undefined;
    }
  }

  /** Read the state; the empty one if there is no file. */
  async #read(): Promise<Loaded> {
    const text = await this.#file.readText();
    if (text === null) return { state: EMPTY_ALERT_STATE, text };
    // The time of an evaluation that changed nothing else is not in the file.
    if (this.#last?.text !== text) this.#last = { state: this.#file.parse(text), text };
    return this.#last;
  }

  async #load(): Promise<Loaded> {
    try {
      return await this.#read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { state: await this.#file.open(this.#onWarning) ?? EMPTY_ALERT_STATE, text: null };
    }
  }
}

/** Whether two states differ in nothing but the time of evaluation, which matters only for alerts that are active. */
function isSameButLater(before: AlertState, after: AlertState): boolean {
  if (Object.values(after.alerts).some(({ state }) => state !== "resolved")) return false;
  const timeless = (state: AlertState): string => formatAlertState({ ...state, evaluatedAt: 0 });
  return timeless(before) === timeless(after);
}
