import { dirname } from "node:path";
import {
  acquireLock,
  type Clock,
  ensurePrivateFolder,
  KitError,
  PRIVATE_FILE_MODE,
  systemClock,
  writeAtomic,
} from "../../base/mod.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "./alert_state.ts";
import { formatAlertState, parseAlertState } from "./parse_alert_state.ts";

/** Options of {@linkcode AlertStore}. */
export interface AlertStoreOptions {
  /** Told when a state cannot be read or written. */
  readonly onWarning?: (message: string) => void;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * How long to wait for another process.
   *
   * @default {30000}
   */
  readonly waitMs?: number;
}

/** A state, and the text that it was read from: what did not change need not be written. */
interface Loaded {
  readonly state: AlertState;
  readonly text: string | null;
}

/**
 * The state of the alerts in a file that several processes share: changed under a lock, written so that a kill leaves
 * the old state or the new one. What cannot be read is put aside as `NAME.corrupt`.
 */
export class AlertStore {
  /** The file. */
  readonly path: string;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** What could not be written: a full disk must not keep anybody from hearing of it. */
  #unsaved: Loaded | undefined;

  /**
   * Make one; nothing is read yet.
   *
   * @param path The file; its folder is made when it is written
   * @param options Seams
   */
  constructor(path: string, options: AlertStoreOptions = {}) {
    const { onWarning = () => {}, clock = systemClock, waitMs = 30_000 } = options;
    this.path = path;
    this.#onWarning = onWarning;
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  /**
   * Read the state, without a lock and without changing anything.
   *
   * @returns The state; an empty one if there is none or it cannot be read
   * @throws {KitError} `usage` for a state of a newer version
   */
  async read(): Promise<AlertState> {
    if (this.#unsaved !== undefined) return this.#unsaved.state;
    try {
      return parseAlertState(await Deno.readTextFile(this.path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return EMPTY_ALERT_STATE;
      if (!(error instanceof SyntaxError)) throw error;
      this.#onWarning(`Cannot read "${this.path}": ${error.message}`);
      return EMPTY_ALERT_STATE;
    }
  }

  /**
   * Change the state.
   *
   * @param change Gives the new state; called once, while no other process can change it
   * @param options Stops the waiting for other processes
   * @returns The new state
   * @throws {KitError} `usage` for a state of a newer version, `unsafe` if another process does not let go of it
   */
  async update(
    change: (state: AlertState) => AlertState,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<AlertState> {
    const { signal } = options;
    using _lock = await this.#lock(signal);
    const { state, text } = this.#unsaved ?? await this.#load();
    const next = change(state);
    const written = formatAlertState(next);
    if (written === text) return next;
    try {
      await writeAtomic(this.path, written, { mode: PRIVATE_FILE_MODE });
      this.#unsaved = undefined;
    } catch (error) {
      this.#unsaved = { state: next, text: null };
      this.#onWarning(`Cannot write "${this.path}": ${error instanceof Error ? error.message : String(error)}`);
    }
    return next;
  }

  /** Without a lock where the disk does not even take a lock: then nothing can be written either. */
  async #lock(signal: AbortSignal | undefined): Promise<Disposable | undefined> {
    try {
      ensurePrivateFolder(dirname(this.path));
      const waiting = { command: "alerts", waitMs: this.#waitMs, signal, clock: this.#clock };
      return await acquireLock(this.path.replace(/\.json$/, "") + ".lock", waiting);
    } catch (error) {
      if (error instanceof KitError || signal?.aborted || !isDiskTrouble(error)) throw error;
      this.#onWarning(`Cannot lock "${this.path}": ${error.message}`);
      return undefined;
    }
  }

  async #load(): Promise<Loaded> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { state: EMPTY_ALERT_STATE, text: null };
      throw error;
    }
    try {
      return { state: parseAlertState(text), text };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const aside = `${this.path}.corrupt`;
      await Deno.rename(this.path, aside);
      this.#onWarning(`Cannot read "${this.path}": ${error.message}; put aside as "${aside}", and alerts begin anew`);
      return { state: EMPTY_ALERT_STATE, text: null };
    }
  }
}

/** A full or read-only disk, not a mistake of ours. */
function isDiskTrouble(error: unknown): error is Error {
  return error instanceof Error && /os error (28|122|30|27|5)\b|no space left|quota|read-only/i.test(error.message);
}
