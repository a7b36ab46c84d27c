import { join } from "node:path";
import { cleanText, ensurePrivateFolder, KitError, systemClock } from "../base/mod.ts";
import { Breakers } from "./breaker/breakers.ts";
import { Ladder } from "./ladder/ladder.ts";
import { type Document, FailsafeState } from "./state/failsafe_state.ts";
import { type FailsafeRequest, readRequests, writeRequest } from "./state/requests.ts";
import { setBadFileAside } from "./state/set_bad_file_aside.ts";
import { failsafeFile } from "./state/document.ts";
import { Store } from "./state/store.ts";
import type { Admission } from "./breaker/admission.ts";
import type { CallOutcome } from "./breaker/call_outcome.ts";
import type { FailsafeChange } from "./failsafe_event.ts";
import type { FailsafeOptions } from "./failsafe_options.ts";
import type { FailsafeStatus } from "./failsafe_status.ts";
import { breakerRules } from "./breaker/breaker_rules.ts";
import { modeRules } from "./ladder/mode_rules.ts";
import { freshMode } from "./ladder/fresh_mode.ts";

/** Minimum time between two looks for requests of other processes, in milliseconds. */
const LOOK_MS = 250;
/** How long a manually opened breaker stays open by default, in milliseconds. */
const TRIP_MS = 600_000;

/**
 * Keeps a program from repeatedly calling a dependency that does not respond. It provides a circuit breaker for each
 * dependency and a ladder of modes for the whole program. Asking a breaker and reporting an outcome take
 * microseconds. Transitions are written at once, counts of calls once a second.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * await using failsafe = Failsafe.inMemory();
 * const admission = failsafe.admit("example.com");
 * if (admission.type !== "refused") admission.finish({ type: "ok", durationMs: 80 });
 * assertEquals(failsafe.mode, "turbo");
 * ```
 */
export class Failsafe implements AsyncDisposable {
  readonly #folder: string | null;
  readonly #options: FailsafeOptions;
  readonly #state: FailsafeState;
  readonly #store: Store;
  readonly #ladder: Ladder;
  readonly #breakers: Breakers;
  /** Paths of requests that were applied, in case one cannot be removed. */
  readonly #applied = new Set<string>();
  #lookedAt = -Infinity;

  private constructor(folder: string | null, options: FailsafeOptions) {
    const { clock = systemClock, random = Math.random, onEvent, onWarning = () => {} } = options;
    const rules = modeRules(options.modes);
    const state = new FailsafeState(freshMode(rules, Math.round(clock.now())));
    const path = folder === null ? null : statePath(folder);
    const store = new Store({ path, state, clock, onEvent, onWarning });
    const ladder = new Ladder({ state, store, rules, failsafe: options, monotonic: () => clock.monotonic() });
    this.#breakers = new Breakers({
      state,
      store,
      rules: breakerRules(options.breakers),
      random,
      onCall: (key, call) => {
        if (ladder.isMovedBy(key)) state.calls.add(store.now(), call);
        ladder.judge();
      },
      onMove: () => ladder.judge({ isNews: true }),
    });
    this.#folder = folder;
    this.#options = options;
    this.#state = state;
    this.#store = store;
    this.#ladder = ladder;
  }

  /**
   * Open the state in a folder: `failsafe.json`, which only this process may write until it is done, and
   * `failsafe-requests/` with what others {@linkcode Failsafe.request}. A corrupt state is renamed, and the failsafe
   * starts with all breakers closed and in the first mode.
   *
   * @param folder The folder; created if missing
   * @param options Rules, bounds, observers, time and random source
   * @returns The failsafe; dispose it to write the last counts
   * @throws {KitError} `unsafe` if a newer program wrote the state; the file stays as it is
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
    const failsafe = new Failsafe(folder, options);
    failsafe.#store.load();
    failsafe.#state.forgetProbes();
    failsafe.#takeRequests();
    return failsafe;
  }

  /**
   * Create a failsafe that writes no files.
   *
   * @param options Rules, bounds, observers, time and random source
   * @returns The failsafe
   * @throws {RangeError} If the rules contradict each other
   */
  static inMemory(options: FailsafeOptions = {}): Failsafe {
    return new Failsafe(null, options);
  }

  /**
   * Read the state of a folder, with the requests that were not applied yet. Nothing in the folder changes, and another
   * process may have it open.
   *
   * @param folder The folder
   * @param options Forced mode, time source, and who is told about a corrupt state, which is then left out
   * @returns The status; `null` if there is neither a state nor a request
   * @throws {SyntaxError} If the state is corrupt and nobody is told; {@linkcode Failsafe.open} would rename it
   * @throws {KitError} `unsafe` if a newer program wrote the state
   */
  static peek(
    folder: string,
    options: Pick<FailsafeOptions, "force" | "clock" | "onWarning"> = {},
  ): FailsafeStatus | null {
    // Before the state: a request that was applied in between is in the state, and to apply it twice changes nothing.
    const requests = readRequests(folder, () => {});
    const document = peekState(statePath(folder), options.onWarning);
    if (document === null && requests.length === 0) return null;
    const failsafe = new Failsafe(null, options);
    if (document !== null) failsafe.#state.load(document);
    for (const { request, at } of requests) failsafe.#tryApply(request, at);
    failsafe.#ladder.endHold();
    return failsafe.#describe();
  }

  /**
   * Ask the process that has a folder open for a manual change. It applies the change within a moment; without such a
   * process, the next one does, as if it had happened now.
   *
   * @param folder The folder; created if missing
   * @param request The change
   * @param options Time source
   * @throws {KitError} `unsafe` if the request cannot be written
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
   *
   * const folder = await Deno.makeTempDir();
   * Failsafe.request(folder, { type: "hold", mode: "stable", forMs: 3_600_000 });
   * await using failsafe = await Failsafe.open(folder);
   * assertEquals(failsafe.mode, "stable");
   * ```
   */
  static request(folder: string, request: FailsafeRequest, options: Pick<FailsafeOptions, "clock"> = {}): void {
    const { clock = systemClock } = options;
    try {
      writeRequest(folder, { request, at: Math.round(clock.now()) });
    } catch (error) {
      if (error instanceof KitError) throw error;
      const reason = error instanceof Error ? error.message : error;
      throw new KitError(
        "unsafe",
        `Cannot change the failsafe: its state in "${folder}" cannot be written: ${reason}`,
        {
          hint: "Free disk space, or check the owner of the folder",
          cause: error,
        },
      );
    }
  }

  /** The mode to use now: the forced or held mode, or else that of the ladder. */
  get mode(): string {
    this.#takeRequests();
    return this.#ladder.mode;
  }

  /**
   * Ask the breaker of a dependency whether a call may be made.
   *
   * @param key The dependency that is called, such as a host
   * @returns The answer; report the outcome with `finish`, or dispose it if the call has no outcome
   */
  admit(key: string): Admission {
    this.#takeRequests();
    return this.#breakers.admit(key);
  }

  /**
   * Report the outcome of a call for which no breaker was asked.
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
    this.#takeRequests();
    this.#ladder.judge();
    return this.#describe();
  }

  /**
   * Hold a mode manually.
   *
   * @param mode The mode to hold
   * @param options Duration in milliseconds; if absent, the hold lasts until `release`
   * @throws {RangeError} If there is no such mode
   */
  hold(mode: string, options: { readonly forMs?: number | undefined } = {}): void {
    this.#apply({ type: "hold", mode, ...options }, this.#store.now());
  }

  /** End a hold. The ladder continues from its own mode. */
  release(): void {
    this.#apply({ type: "release" }, this.#store.now());
  }

  /**
   * Open a breaker manually.
   *
   * @param key The dependency that the breaker guards
   * @param options Duration in milliseconds; ten minutes by default
   */
  trip(key: string, options: { readonly forMs?: number | undefined } = {}): void {
    this.#apply({ type: "trip", key, ...options }, this.#store.now());
  }

  /**
   * Close a breaker manually, or close all of them and return the ladder to its first mode. A breaker that exists only
   * because of `trip` is removed.
   *
   * @param key The dependency that the breaker guards; if absent, all breakers and the ladder are reset
   */
  reset(key?: string): void {
    this.#apply({ type: "reset", key }, this.#store.now());
  }

  /** Write what is not written yet. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#store.finish();
    return Promise.resolve();
  }

  #describe(): FailsafeStatus {
    return { mode: this.#ladder.status(), breakers: this.#breakers.status(), events: this.#state.events };
  }

  /** Apply what other processes asked for, at most every `LOOK_MS`. */
  #takeRequests(): void {
    const { clock = systemClock, onWarning = () => {} } = this.#options;
    const now = clock.monotonic();
    if (this.#folder === null || now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const requests = readRequests(this.#folder, (path, error) => setBadFileAside(path, error, onWarning));
    for (const { path, request, at } of requests) {
      if (this.#applied.has(path)) continue;
      this.#applied.add(path);
      this.#tryApply(request, at);
      try {
        Deno.removeSync(path);
      } catch (error) {
        onWarning(`Cannot remove "${path}": ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  #tryApply(request: FailsafeRequest, at: number): void {
    try {
      // A clock that was set back since must not make it last longer.
      this.#apply(request, Math.min(at, this.#store.now()));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#options.onWarning?.(error.message);
    }
  }

  #apply(request: FailsafeRequest, at: number): void {
    this.#store.write(this.#changesOf(request, at), at);
  }

  /** @throws {RangeError} If there is no such mode */
  #changesOf(request: FailsafeRequest, at: number): readonly FailsafeChange[] {
    switch (request.type) {
      case "hold":
        return this.#ladder.hold(request.mode, request.forMs === undefined ? null : Math.round(request.forMs), at);
      case "release":
        return this.#ladder.release(at);
      case "trip":
        return this.#breakers.trip(request.key, Math.round(request.forMs ?? TRIP_MS), at);
      case "reset":
        return this.#reset(request.key, at);
    }
  }

  #reset(key: string | undefined, at: number): readonly FailsafeChange[] {
    if (key !== undefined) return this.#breakers.reset(key, at);
    const keys = [...this.#state.breakers.keys()];
    return [...keys.flatMap((each) => this.#breakers.reset(each, at)), ...this.#ladder.reset(at)];
  }
}

function peekState(path: string, onWarning: FailsafeOptions["onWarning"]): Document | null {
  try {
    return failsafeFile(path).readSync();
  } catch (error) {
    if (!(error instanceof SyntaxError) || onWarning === undefined) throw error;
    onWarning(`Cannot read "${path}": ${cleanText(error.message)}; the next run starts with a new state`);
    return null;
  }
}

function statePath(folder: string): string {
  return join(folder, "failsafe.json");
}
