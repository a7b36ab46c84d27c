import { type Clock, systemClock } from "../../base/mod.ts";
import { decideLimit, type LimitReason } from "./decide_limit.ts";
import type { LimitChange } from "./limit_change.ts";
import type { LimitOutcome } from "./limit_outcome.ts";
import { type LimitRules, limitRules } from "./limit_rules.ts";
import type { LimitSnapshot } from "./limit_snapshot.ts";
import { freshLimit, type LimitState } from "./limit_state.ts";

/** The right to have one piece of work in flight, until it is done or disposed. */
export interface Permit extends Disposable {
  /** Give the permit back and say how the work ended; only the first word counts. */
  done(outcome: LimitOutcome): void;
}

/** Options of {@linkcode AdaptiveLimit}. */
export interface AdaptiveLimitOptions extends Partial<LimitRules> {
  /**
   * A longer pause than this is not kept, whatever the host asks for.
   *
   * @default {120000}
   */
  readonly maxPauseMs?: number;
  /**
   * Unused for so long, the limit begins anew.
   *
   * @default {120000}
   */
  readonly idleMs?: number;
  /**
   * Bounds the work in flight besides the limit, such as while a more careful engine is in use; asked whenever a permit
   * is wanted or given back. Less than 1 counts as 1.
   *
   * @default {no bound}
   */
  readonly cap?: (() => number) | undefined;
  /** Called at each change of the limit. */
  readonly onChange?: ((change: LimitChange) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * How much work one host may have in flight, found out by how it answers: `decideLimit` decides, this class lets in by
 * turns. A limit that shrinks below what is in flight ends nothing; it only lets nobody in until there is room.
 * Begin low: a host that is overloaded from the first request on gives no latency to compare with.
 *
 * @example
 * ```ts
 * import { AdaptiveLimit } from "@civitai-dl/civitai-dl/failsafe";
 * using permit = await new AdaptiveLimit("example.com", { ceiling: 4 }).acquire();
 * permit.done({ type: "ok", latencyMs: 80 });
 * ```
 */
export class AdaptiveLimit {
  /** The host. */
  readonly host: string;
  readonly #rules: LimitRules;
  readonly #maxPauseMs: number;
  readonly #cap: () => number;
  readonly #idleMs: number;
  readonly #onChange: (change: LimitChange) => void;
  readonly #clock: Clock;
  // Sets keep their order and forget from the middle: a queue that one may leave.
  readonly #waiters = new Set<(permit: Permit) => void>();
  #state: LimitState;
  #inFlight = 0;
  #order = 0;
  #pausedUntil = -Infinity;
  #lastUsed: number;
  #sleeper: AbortController | undefined;

  /**
   * Make one.
   *
   * @param host The host, for reports
   * @param options Bounds, rules, pauses, observer, clock
   * @throws {RangeError} If the bounds contradict each other
   */
  constructor(host: string, options: AdaptiveLimitOptions = {}) {
    const { maxPauseMs = 120_000, idleMs = 120_000, cap = () => Infinity, ...others } = options;
    const { onChange = () => {}, clock = systemClock, ...rules } = others;
    this.host = host;
    this.#rules = limitRules(rules);
    this.#state = freshLimit(this.#rules);
    this.#maxPauseMs = maxPauseMs;
    this.#cap = cap;
    this.#idleMs = idleMs;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#lastUsed = clock.monotonic();
  }

  /** How much may be in flight now. */
  get limit(): number {
    return this.#state.limit;
  }

  /** Whether nothing is in flight and nobody waits. */
  get isIdle(): boolean {
    return this.#inFlight === 0 && this.#waiters.size === 0;
  }

  /** How things stand. */
  snapshot(): LimitSnapshot {
    const { limit, longMs } = this.#state;
    return {
      host: this.host,
      limit,
      ceiling: this.#rules.ceiling,
      inFlight: this.#inFlight,
      waiting: this.#waiters.size,
      longMs,
      pausedMs: Math.max(0, this.#pausedUntil - this.#clock.monotonic()),
    };
  }

  /**
   * Wait for a permit; who came first is served first.
   *
   * @param options A signal that gives up the place in the queue; its reason is what is thrown
   * @returns The permit; give it back with `done`, or by `using`
   */
  acquire(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Permit> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#ageIfIdle();
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const admit = (permit: Permit): void => {
      signal?.removeEventListener("abort", leave);
      resolve(permit);
    };
    const leave = (): void => {
      this.#waiters.delete(admit);
      // Nobody is left for whom the end of the pause matters.
      if (this.#waiters.size === 0) this.#endSleep();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    this.#waiters.add(admit);
    this.#admit();
    return promise;
  }

  /** A permit at once, if one is free and nobody waits for it; else `null`. */
  tryAcquire(): Permit | null {
    this.#ageIfIdle();
    const isPaused = this.#pausedUntil > this.#clock.monotonic();
    if (this.#waiters.size > 0 || isPaused || this.#inFlight >= this.#most()) return null;
    this.#inFlight++;
    return this.#permit(this.#order++);
  }

  #most(): number {
    return Math.min(this.#state.limit, Math.max(1, this.#cap()));
  }

  #admit(): void {
    for (const admit of this.#waiters) {
      if (this.#inFlight >= this.#most()) return;
      const pausedMs = this.#pausedUntil - this.#clock.monotonic();
      if (pausedMs > 0) return this.#sleep(pausedMs);
      this.#waiters.delete(admit);
      this.#inFlight++;
      admit(this.#permit(this.#order++));
    }
  }

  #permit(order: number): Permit {
    let isDone = false;
    const done = (outcome: LimitOutcome): void => {
      if (isDone) return;
      isDone = true;
      this.#take(outcome, order);
    };
    return { done, [Symbol.dispose]: () => done({ type: "ignored" }) };
  }

  #take(outcome: LimitOutcome, order: number): void {
    const sample = { outcome, order, nextOrder: this.#order, inFlight: this.#inFlight-- };
    this.#lastUsed = this.#clock.monotonic();
    const { state, reason, pauseMs } = decideLimit(this.#state, sample, this.#rules);
    if (pauseMs !== undefined) {
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#lastUsed + Math.min(pauseMs, this.#maxPauseMs));
    }
    this.#move(state, reason);
    this.#admit();
  }

  #move(state: LimitState, reason: LimitReason | undefined): void {
    const from = this.#state.limit;
    this.#state = state;
    if (reason === undefined || state.limit === from) return;
    const { limit: to, longMs } = state;
    const at = { inFlight: this.#inFlight, waiting: this.#waiters.size, longMs };
    this.#onChange({ host: this.host, from, to, reason, ...at });
  }

  /** What was known of a host that nobody used for long is not known any more. */
  #ageIfIdle(): void {
    const now = this.#clock.monotonic();
    if (!this.isIdle || now - this.#lastUsed < this.#idleMs) return;
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
      this.#admit();
    };
    // It can end early only because nobody waits any more; then there is nobody to wake.
    this.#clock.sleep(ms, { signal: sleeper.signal }).then(wake, () => {});
  }

  #endSleep(): void {
    this.#sleeper?.abort();
    this.#sleeper = undefined;
  }
}
