import { join } from "node:path";
import { ensurePrivateFolder, KitError, systemClock } from "../base/mod.ts";
import { Breakers } from "./breaker/breakers.ts";
import { Ladder } from "./ladder/ladder.ts";
import { SharedFile } from "./shared/shared_file.ts";
import { Store, type Work } from "./shared/store.ts";
import { View } from "./shared/view.ts";
import type { Admission } from "./breaker/admission.ts";
import type { CallOutcome } from "./breaker/call_outcome.ts";
import type { FailsafeOptions } from "./failsafe_options.ts";
import type { FailsafeStatus } from "./failsafe_status.ts";
import { modeRules } from "./ladder/mode_rules.ts";
import { freshMode } from "./ladder/mode_state.ts";

/** A person, or the end, waits so long for other processes, in milliseconds. */
const PATIENT_MS = 5000;

/**
 * Keeps a program from asking again and again what does not answer: a breaker for each thing it depends on, and a ladder
 * of modes for the whole, shared by all processes that open the same folder. Asking and telling cost microseconds;
 * transitions are written at once, counts of calls once a second.
 *
 * @example
 * ```ts
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * await using failsafe = Failsafe.inMemory();
 * const leave = failsafe.admit("example.com");
 * if (leave.type !== "refused") leave.done({ type: "ok", durationMs: 80 });
 * console.assert(failsafe.mode === "turbo");
 * ```
 */
export class Failsafe implements AsyncDisposable {
  readonly #view: View;
  readonly #store: Store;
  readonly #ladder: Ladder;
  readonly #breakers: Breakers;

  private constructor(file: SharedFile | null, options: FailsafeOptions) {
    const { clock = systemClock, random = Math.random, durable = true, lockWaitMs = 200 } = options;
    const { onEvent, onWarning = () => {} } = options;
    const rules = modeRules(options.modes);
    const view = new View(freshMode(rules, Math.round(clock.now())));
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
   * Open the state in a folder, `failsafe.json` beside `failsafe.lock`. One that cannot be read is put aside, and all
   * begins closed and on the first rung.
   *
   * @param folder The folder; made when missing
   * @param options Rules, bounds, observers, seams
   * @returns The failsafe; dispose it to tell others the rest
   * @throws {KitError} `usage` if a newer program wrote the state; the file stays as it is
   * @throws {RangeError} If the rules contradict each other
   */
  // A promise is what callers wait for, and what errors come by.
  // deno-lint-ignore require-await
  static async open(folder: string, options: FailsafeOptions = {}): Promise<Failsafe> {
    const { onWarning = () => {} } = options;
    try {
      ensurePrivateFolder(folder);
    } catch (error) {
      if (error instanceof KitError) throw error;
      onWarning(`Cannot make "${folder}": ${error instanceof Error ? error.message : error}`);
    }
    const file = new SharedFile(join(folder, "failsafe.json"), join(folder, "failsafe.lock"));
    const failsafe = new Failsafe(file, options);
    if (!failsafe.#store.transact(() => [], { waitMs: PATIENT_MS, isFirst: true })) {
      onWarning(`Cannot read "${file.path}": another process does not let go of it; begun without it`);
    }
    return failsafe;
  }

  /**
   * One that shares nothing and leaves nothing behind.
   *
   * @param options Rules, bounds, observers, seams
   * @returns The failsafe
   * @throws {RangeError} If the rules contradict each other
   */
  static inMemory(options: FailsafeOptions = {}): Failsafe {
    return new Failsafe(null, options);
  }

  /** The rung to work on now. */
  get mode(): string {
    this.#store.refresh();
    return this.#ladder.mode;
  }

  /**
   * Ask for leave to call something.
   *
   * @param key What is called, such as a host
   * @returns Leave, or none; say how the call ended by `done`, or by disposing that it says nothing
   */
  admit(key: string): Admission {
    this.#store.refresh();
    return this.#breakers.admit(key);
  }

  /**
   * Tell how a call ended for which nobody asked.
   *
   * @param key What was called
   * @param outcome How it ended
   */
  record(key: string, outcome: CallOutcome): void {
    this.#breakers.record(key, outcome);
  }

  /** How all stands, why, and what would change it. */
  status(): FailsafeStatus {
    this.#store.refresh();
    this.#ladder.judge();
    return { mode: this.#ladder.status(), breakers: this.#breakers.status(), events: this.#view.events };
  }

  /**
   * Fix a mode by hand, for all processes that share the state.
   *
   * @param mode A rung
   * @param options For how long, in milliseconds; without, until `release`
   * @throws {RangeError} If there is no such rung
   * @throws {KitError} `unsafe` if another process does not let go of the state
   */
  hold(mode: string, options: { readonly forMs?: number | undefined } = {}): void {
    const forMs = options.forMs === undefined ? null : Math.round(options.forMs);
    this.#byHand(() => this.#ladder.hold(mode, forMs));
  }

  /**
   * End what `hold` began.
   *
   * @throws {KitError} `unsafe` if another process does not let go of the state
   */
  release(): void {
    this.#byHand(() => this.#ladder.release());
  }

  /**
   * Open a breaker by hand.
   *
   * @param key What it watches
   * @param options For how long, in milliseconds; ten minutes by default
   * @throws {KitError} `unsafe` if another process does not let go of the state
   */
  trip(key: string, options: { readonly forMs?: number | undefined } = {}): void {
    const { forMs = 600_000 } = options;
    this.#byHand((now) => this.#breakers.trip(key, Math.round(forMs), now));
  }

  /**
   * Close a breaker by hand, or all of them and put the ladder on its first rung. A breaker that only `trip` made is
   * forgotten.
   *
   * @param key What it watches; all when absent
   * @throws {KitError} `unsafe` if another process does not let go of the state
   */
  reset(key?: string): void {
    this.#byHand((now) => {
      if (key !== undefined) return this.#breakers.reset(key, now);
      const keys = [...this.#view.breakers.keys()];
      return [...keys.flatMap((each) => this.#breakers.reset(each, now)), ...this.#ladder.reset()];
    });
  }

  /** Tell others what they do not know yet. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#store.finish(PATIENT_MS);
    return Promise.resolve();
  }

  #byHand(work: Work): void {
    if (this.#store.transact(work, { waitMs: PATIENT_MS })) return;
    throw new KitError("unsafe", "Cannot change the failsafe: another process does not let go of its state", {
      hint: "Try again in a moment",
    });
  }
}
