import { type Clock, systemClock } from "../../base/mod.ts";
import { decideLimit } from "./decide_limit.ts";
import type { LimitReason } from "./limit_decision.ts";
import type { LimitChange } from "./limit_change.ts";
import type { LimitOutcome } from "./limit_outcome.ts";
import { type LimitRules, limitRules } from "./limit_rules.ts";
import type { LimitSnapshot } from "./limit_snapshot.ts";
import { freshLimit, type LimitState } from "./limit_state.ts";

/** The right to have one request in flight, until `finish` is called or the permit is disposed. */
export interface Permit extends Disposable {
  /** Report the response, before its body has been read: a body may take hours. */
  recordResponse(latencyMs: number): void;
  /** Report that bytes of the body keep arriving; about once a second. */
  recordFlow(): void;
  /** Return the permit and report the outcome. Only the first report counts. */
  finish(outcome: LimitOutcome): void;
}

/** Options of {@linkcode AdaptiveLimit}. */
export interface AdaptiveLimitOptions extends Partial<LimitRules> {
  /**
   * Returns an additional bound on requests in flight, for example that of a more careful profile. Called whenever a
   * permit is requested or returned, and four times a second while it keeps callers waiting. A value below 1 counts as
   * 1.
   *
   * @default {no bound}
   */
  readonly cap?: (() => number) | undefined;
  /** Called with each change of the limit. */
  readonly onChange?: ((change: LimitChange) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * Time between two checks of a cap that keeps callers waiting, in milliseconds: nothing reports that it has risen. It is
 * real time, even if a limit runs on a fake clock: a person who releases a mode raises the cap in real time.
 */
const CAP_CHECK_MS = 250;
/** Maximum pause, even if the host requests a longer one. */
const MAX_PAUSE_MS = 120_000;
/** A limit that was unused for this long is reset to its start value. */
const IDLE_MS = 120_000;

/**
 * Limits the requests in flight to one host and adapts to its responses. `decideLimit` decides, and this class hands
 * out the permits in order. If the limit shrinks below the number of requests in flight, none is aborted; no permits
 * are granted until enough have been returned. Start low: a host that is overloaded from the first request provides no
 * latency to compare with.
 *
 * @example
 * ```ts
 * import { AdaptiveLimit } from "@civitai-dl/civitai-dl/failsafe";
 * using permit = await new AdaptiveLimit("example.com", { ceiling: 4 }).acquire();
 * permit.finish({ type: "ok", latencyMs: 80 });
 * ```
 */
export class AdaptiveLimit {
  /** The host, as given to the constructor. */
  readonly host: string;
  readonly #rules: LimitRules;
  readonly #cap: () => number;
  readonly #onChange: (change: LimitChange) => void;
  readonly #clock: Clock;
  // A set serves as a queue from which waiters can also be removed in the middle.
  readonly #waiters = new Set<(permit: Permit) => void>();
  #state: LimitState;
  #inFlight = 0;
  #order = 0;
  #pausedUntil = -Infinity;
  #lastUsed: number;
  #sleeper: AbortController | undefined;
  #capTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Start with the limit `start` of the rules and nothing in flight.
   *
   * @param host The host, used in changes
   * @param options Bounds, rules, observer, clock
   * @throws {RangeError} If the bounds contradict each other
   */
  constructor(host: string, options: AdaptiveLimitOptions = {}) {
    const { cap = () => Infinity, onChange = () => {}, clock = systemClock, ...rules } = options;
    this.host = host;
    this.#rules = limitRules(rules);
    this.#state = freshLimit(this.#rules);
    this.#cap = cap;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#lastUsed = clock.monotonic();
  }

  /** Current limit of requests in flight, without `cap`. */
  get limit(): number {
    return this.#state.limit;
  }

  /** Whether nothing is in flight and no caller waits. */
  get isIdle(): boolean {
    return this.#inFlight === 0 && this.#waiters.size === 0;
  }

  /** Describe the use of the limit, and the pause. */
  snapshot(): LimitSnapshot {
    return {
      inFlight: this.#inFlight,
      waiting: this.#waiters.size,
      pausedMs: Math.max(0, this.#pausedUntil - this.#clock.monotonic()),
    };
  }

  /**
   * Wait for a permit, in the order of the calls.
   *
   * @param options A signal that ends the wait; the promise rejects with its reason
   * @returns The permit; return it with `done`, or by `using`
   */
  acquire(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Permit> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#ageIfIdle();
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const grant = (permit: Permit): void => {
      signal?.removeEventListener("abort", abandon);
      resolve(permit);
    };
    const abandon = (): void => {
      this.#waiters.delete(grant);
      // Without waiters, nothing has to happen at the end of the pause.
      if (this.#waiters.size === 0) this.#endSleep();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abandon, { once: true });
    this.#waiters.add(grant);
    this.#grantWaiting();
    return promise;
  }

  /** Return a permit if one is free, no caller waits and no pause is active; else `null`. */
  tryAcquire(): Permit | null {
    this.#ageIfIdle();
    const isPaused = this.#pausedUntil > this.#clock.monotonic();
    if (this.#waiters.size > 0 || isPaused || this.#inFlight >= this.#maxInFlight()) return null;
    this.#inFlight++;
    return this.#permit(this.#order++);
  }

  #maxInFlight(): number {
    return Math.min(this.#state.limit, Math.max(1, this.#cap()));
  }

  #grantWaiting(): void {
    for (const grant of this.#waiters) {
      if (this.#inFlight >= this.#maxInFlight()) {
        if (this.#inFlight < this.#state.limit) this.#checkCap();
        return;
      }
      const pausedMs = this.#pausedUntil - this.#clock.monotonic();
      if (pausedMs > 0) return this.#sleep(pausedMs);
      this.#waiters.delete(grant);
      this.#inFlight++;
      grant(this.#permit(this.#order++));
    }
    clearTimeout(this.#capTimer);
    this.#capTimer = undefined;
  }

  #permit(order: number): Permit {
    let isDone = false;
    const report = (outcome: LimitOutcome): void => {
      if (!isDone) this.#recordOutcome(outcome, order);
    };
    const finish = (outcome: LimitOutcome): void => {
      if (isDone) return;
      isDone = true;
      this.#recordOutcome(outcome, order, { isEnd: true });
    };
    return {
      recordResponse: (latencyMs) => report({ type: "ok", latencyMs }),
      recordFlow: () => report({ type: "flowing" }),
      finish,
      [Symbol.dispose]: () => finish({ type: "ignored" }),
    };
  }

  #recordOutcome(outcome: LimitOutcome, order: number, { isEnd = false } = {}): void {
    const nowMs = this.#clock.monotonic();
    const sample = { outcome, order, nextOrder: this.#order, inFlight: this.#inFlight, nowMs };
    if (isEnd) this.#inFlight--;
    this.#lastUsed = nowMs;
    const { state, reason, pauseMs } = decideLimit(this.#state, sample, this.#rules);
    if (pauseMs !== undefined) {
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#lastUsed + Math.min(pauseMs, MAX_PAUSE_MS));
    }
    this.#move(state, reason);
    this.#grantWaiting();
  }

  #move(state: LimitState, reason: LimitReason | undefined): void {
    const from = this.#state.limit;
    this.#state = state;
    if (reason === undefined || state.limit === from) return;
    this.#onChange({ host: this.host, from, to: state.limit, reason });
  }

  /** Reset the state if the host was unused for `IDLE_MS`: its measurements are outdated. */
  #ageIfIdle(): void {
    const now = this.#clock.monotonic();
    if (!this.isIdle || now - this.#lastUsed < IDLE_MS) return;
    this.#lastUsed = now;
    this.#move(freshLimit(this.#rules, this.#order), "idle");
  }

  #sleep(ms: number): void {
    if (this.#sleeper !== undefined) return;
    const sleeper = new AbortController();
    this.#sleeper = sleeper;
    const wake = (): void => {
      if (this.#sleeper !== sleeper) return;
      this.#sleeper = undefined;
      this.#grantWaiting();
    };
    // The sleep is aborted only when no caller is waiting any longer, so there is no one to wake.
    this.#clock.sleep(ms, { signal: sleeper.signal }).then(wake, () => {});
  }

  #endSleep(): void {
    this.#sleeper?.abort();
    this.#sleeper = undefined;
    clearTimeout(this.#capTimer);
    this.#capTimer = undefined;
  }

  /** Grant permits later, if the cap has risen by then. */
  #checkCap(): void {
    this.#capTimer ??= setTimeout(() => {
      this.#capTimer = undefined;
      this.#grantWaiting();
    }, CAP_CHECK_MS);
  }
}
