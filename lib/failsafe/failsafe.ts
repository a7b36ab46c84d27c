import { join } from "node:path";
import { ensurePrivateFolder, KitError, systemClock } from "../base/mod.ts";
import { Breakers } from "./breaker/breakers.ts";
import { Ladder } from "./ladder/ladder.ts";
import { parseDocument } from "./shared/document.ts";
import { SharedFile } from "./shared/shared_file.ts";
import { Store, type Work } from "./shared/store.ts";
import { SharedState } from "./shared/shared_state.ts";
import type { BreakerDecision } from "./breaker/breaker_decision.ts";
import type { CallOutcome } from "./breaker/call_outcome.ts";
import type { FailsafeOptions } from "./failsafe_options.ts";
import type { FailsafeStatus } from "./failsafe_status.ts";
import { modeRules } from "./ladder/mode_rules.ts";
import { freshMode } from "./ladder/mode_state.ts";

/** How long manual commands and the final write wait for other processes, in milliseconds. */
const PATIENT_MS = 5000;

/**
 * Keeps a program from repeatedly calling a dependency that does not respond. It provides a circuit breaker for each
 * dependency and a ladder of modes for the whole program. All processes that open the same folder share them.
 * Requesting a permit and reporting an outcome take microseconds. Transitions are written at once, counts of calls once
 * a second.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * await using failsafe = Failsafe.inMemory();
 * const decision = failsafe.admit("example.com");
 * if (decision.type !== "refused") decision.finish({ type: "ok", durationMs: 80 });
 * assertEquals(failsafe.mode, "turbo");
 * ```
 */
export class Failsafe implements AsyncDisposable {
  readonly #view: SharedState;
  readonly #store: Store;
  readonly #ladder: Ladder;
  readonly #breakers: Breakers;

  private constructor(file: SharedFile | null, options: FailsafeOptions) {
    const { clock = systemClock, random = Math.random, durable = true, lockWaitMs = 200 } = options;
    const { onEvent, onWarning = () => {} } = options;
    const rules = modeRules(options.modes);
    const view = new SharedState(freshMode(rules, Math.round(clock.now())));
    const store = new Store({ file, view, clock, durable, lockWaitMs, onEvent, onWarning });
    const ladder = new Ladder({ view, store, rules, options, monotonic: () => clock.monotonic() });
    this.#breakers = new Breakers({
      view,
      store,
      options,
      random,
      onCall: (key, call) => {
        if (ladder.isMovedBy(key)) view.addToMode(store.now(), call);
        ladder.judge();
      },
      onMove: () => ladder.judge({ isNews: true }),
    });
    this.#view = view;
    this.#store = store;
    this.#ladder = ladder;
  }

  /**
   * Open the state in a folder: `failsafe.json`, with the lock file `failsafe.lock`. An unreadable state is renamed,
   * and the failsafe starts with all breakers closed and in the first mode.
   *
   * @param folder The folder; created if missing
   * @param options Rules, bounds, observers, time and random source
   * @returns The failsafe; dispose it to share the remaining counts with other processes
   * @throws {KitError} `usage` if a newer program wrote the state; the file stays as it is
   * @throws {RangeError} If the rules contradict each other
   */
  // Async so that callers can await it and errors arrive as rejections.
  // deno-lint-ignore require-await
  static async open(folder: string, options: FailsafeOptions = {}): Promise<Failsafe> {
    const { onWarning = () => {} } = options;
    try {
      ensurePrivateFolder(folder);
    } catch (error) {
      if (error instanceof KitError) throw error;
      onWarning(`Cannot create "${folder}": ${error instanceof Error ? error.message : error}`);
    }
    const file = new SharedFile(join(folder, "failsafe.json"), join(folder, "failsafe.lock"));
    const failsafe = new Failsafe(file, options);
    if (!failsafe.#store.transact(() => [], { waitMs: PATIENT_MS, isFirst: true })) {
      onWarning(`Cannot read "${file.path}": another process keeps it locked; started without it`);
    }
    return failsafe;
  }

  /**
   * Create a failsafe that shares nothing with other processes and writes no files.
   *
   * @param options Rules, bounds, observers, time and random source
   * @returns The failsafe
   * @throws {RangeError} If the rules contradict each other
   */
  static inMemory(options: FailsafeOptions = {}): Failsafe {
    return new Failsafe(null, options);
  }

  /**
   * Read the state of a folder without a lock, and without changing anything in the folder.
   *
   * @param folder The folder
   * @param options Bounds and time source
   * @returns The status; `null` if there is no state yet
   * @throws {SyntaxError} If the state is corrupt; {@linkcode Failsafe.open} would rename it
   * @throws {KitError} `usage` if a newer program wrote the state
   */
  static peek(
    folder: string,
    options: Pick<FailsafeOptions, "ceiling" | "force" | "clock"> = {},
  ): FailsafeStatus | null {
    const path = join(folder, "failsafe.json");
    const text = new SharedFile(path, join(folder, "failsafe.lock")).read();
    if (text === null) return null;
    const failsafe = new Failsafe(null, { ...options, steers: false });
    failsafe.#view.load(parseDocument(text, path), failsafe.#store.now());
    return failsafe.status();
  }

  /** The mode that this process should use now: the forced or held mode, or else that of the ladder. */
  get mode(): string {
    this.#store.refresh();
    return this.#ladder.mode;
  }

  /**
   * Request a permit for a call.
   *
   * @param key The dependency that is called, such as a host
   * @returns A permit or a refusal; report the outcome with `finish`, or dispose it if the call has no outcome
   */
  admit(key: string): BreakerDecision {
    this.#store.refresh();
    return this.#breakers.admit(key);
  }

  /**
   * Report the outcome of a call that was made without a permit.
   *
   * @param key The dependency that was called
   * @param outcome How the call ended
   */
  record(key: string, outcome: CallOutcome): void {
    this.#breakers.record(key, outcome);
  }

  /**
   * Describe the mode, the breakers and the last events: the current state, the reason for it, and what would change
   * it.
   */
  status(): FailsafeStatus {
    this.#store.refresh();
    this.#ladder.judge();
    return { mode: this.#ladder.status(), breakers: this.#breakers.status(), events: this.#view.events };
  }

  /**
   * Hold a mode manually, for all processes that share the state.
   *
   * @param mode The mode to hold
   * @param options Duration in milliseconds; if absent, the hold lasts until `release`
   * @throws {RangeError} If there is no such mode
   * @throws {KitError} `unsafe` if another process keeps the state locked; `usage` if `onEvent` calls this
   */
  hold(mode: string, options: { readonly forMs?: number | undefined } = {}): void {
    const forMs = options.forMs === undefined ? null : Math.round(options.forMs);
    this.#changeByHand(() => this.#ladder.hold(mode, forMs));
  }

  /**
   * End a hold. The ladder continues from its own mode.
   *
   * @throws {KitError} `unsafe` if another process keeps the state locked; `usage` if `onEvent` calls this
   */
  release(): void {
    this.#changeByHand(() => this.#ladder.release());
  }

  /**
   * Open a breaker manually.
   *
   * @param key The dependency that the breaker guards
   * @param options Duration in milliseconds; ten minutes by default
   * @throws {KitError} `unsafe` if another process keeps the state locked; `usage` if `onEvent` calls this
   */
  trip(key: string, options: { readonly forMs?: number | undefined } = {}): void {
    const { forMs = 600_000 } = options;
    this.#changeByHand((now) => this.#breakers.trip(key, Math.round(forMs), now));
  }

  /**
   * Close a breaker manually, or close all of them and return the ladder to its first mode. A breaker that exists only
   * because of `trip` is removed.
   *
   * @param key The dependency that the breaker guards; if absent, all breakers and the ladder are reset
   * @throws {KitError} `unsafe` if another process keeps the state locked; `usage` if `onEvent` calls this
   */
  reset(key?: string): void {
    this.#changeByHand((now) => {
      if (key !== undefined) return this.#breakers.reset(key, now);
      const keys = [...this.#view.breakers.keys()];
      return [...keys.flatMap((each) => this.#breakers.reset(each, now)), ...this.#ladder.reset()];
    });
  }

  /** Write everything that other processes do not know yet. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#store.finish(PATIENT_MS);
    return Promise.resolve();
  }

  #changeByHand(work: Work): void {
    if (this.#store.isWorking) {
      throw new KitError("usage", "Cannot change the failsafe: its own onEvent called", {
        hint: "Change it after onEvent has returned",
      });
    }
    if (this.#store.transact(work, { waitMs: PATIENT_MS })) return;
    throw new KitError("unsafe", "Cannot change the failsafe: another process keeps its state locked", {
      hint: "Try again in a moment",
    });
  }
}
