import type { Bilingual } from "../../base/mod.ts";
import { goneGroup, isBlocking } from "./_gone_groups.ts";
import { effectiveMode, modeStatus } from "./_mode_status.ts";
import type { Store } from "../state/store.ts";
import type { FailsafeState } from "../state/failsafe_state.ts";
import {
  decideMode,
  type DecideModeOptions,
  type ModeDecision,
  type ModeSignals,
  type TrippedBreaker,
} from "./decide_mode.ts";
import type { FailsafeChange } from "../failsafe_event.ts";
import type { FailsafeOptions } from "../failsafe_options.ts";
import type { ModeStatus } from "../failsafe_status.ts";
import { holdMode, releaseMode, resetMode } from "./hold_mode.ts";
import type { ModeRules } from "./mode_rules.ts";

const EVERY_HOST: Bilingual = { en: "every host", ja: "すべてのホスト" };
/** Minimum time between two regular decisions, in milliseconds. */
const JUDGE_MS = 100;

/** Options of {@linkcode Ladder}. */
export interface LadderOptions {
  readonly state: FailsafeState;
  readonly store: Store;
  readonly rules: ModeRules;
  readonly failsafe: FailsafeOptions;
  readonly monotonic: () => number;
}

/** Moves the mode of a state according to the observations in it. */
export class Ladder {
  readonly #options: LadderOptions;
  #judgedAt = -Infinity;

  constructor(options: LadderOptions) {
    const { rules, failsafe: { ceiling, force } } = options;
    for (const mode of [ceiling, force?.mode]) if (mode !== undefined) assertRung(mode, rules);
    this.#options = options;
  }

  /** The mode to use now. */
  get mode(): string {
    this.judge();
    const { state, failsafe: { force } } = this.#options;
    return effectiveMode({ state: state.mode, ...this.#moment(), force });
  }

  /** Whether a key's calls and its breaker move the ladder. */
  isMovedBy(key: string): boolean {
    const { movesMode = () => true } = this.#options.failsafe;
    return movesMode(key);
  }

  /**
   * Take a step if one is due. Decides at most every `JUDGE_MS`; with `isNews`, at once, because something has changed.
   */
  judge(options: { readonly isNews?: boolean } = {}): void {
    const { monotonic, failsafe: { force } } = this.#options;
    const now = monotonic();
    if (force !== undefined || (now - this.#judgedAt < JUDGE_MS && !options.isNews)) return;
    this.#judgedAt = now;
    this.#move(this.#decide());
  }

  /** End a hold whose time is over. */
  endHold(): void {
    const { state: { mode: { hold } }, store } = this.#options;
    if (hold !== null && hold.until !== null && hold.until <= store.now()) this.#move(this.#decide());
  }

  status(): ModeStatus {
    const { state, failsafe: { force } } = this.#options;
    return modeStatus({ state: state.mode, signals: this.#signals(), ...this.#moment(), force });
  }

  /** @throws {RangeError} If there is no such mode */
  hold(mode: string, forMs: number | null, now: number): readonly FailsafeChange[] {
    const { state, rules } = this.#options;
    return this.#take(holdMode(state.mode, { mode, forMs }, { now, rules }));
  }

  release(now: number): readonly FailsafeChange[] {
    return this.#take(releaseMode(this.#options.state.mode, now));
  }

  reset(now: number): readonly FailsafeChange[] {
    const { state, rules } = this.#options;
    return this.#take(resetMode(state.mode, { now, rules }));
  }

  #decide(): ModeDecision {
    return decideMode(this.#options.state.mode, this.#signals(), this.#moment());
  }

  #move(decision: ModeDecision): void {
    const changes = this.#take(decision);
    if (changes.length > 0) this.#options.store.commit(changes);
  }

  #take({ state, change }: ModeDecision): readonly FailsafeChange[] {
    this.#options.state.mode = state;
    return change === undefined ? [] : [{ type: "mode", ...change }];
  }

  #signals(): ModeSignals {
    const { state, store, failsafe: { groupOf = () => EVERY_HOST, silentMs } } = this.#options;
    const now = store.now();
    const { mode: { reason, since } } = state;
    // Before the first step, all recorded calls count.
    const { calls, failures } = state.calls.countLastMinute(now, { after: reason === null ? -Infinity : since });
    const tripped: TrippedBreaker[] = [];
    let flowedAt: number | null = null;
    for (const [key, entry] of state.breakers) {
      if (!this.isMovedBy(key)) continue;
      const { trippedAt, cause } = entry.record;
      if (trippedAt !== null && isBlocking(entry, now)) tripped.push({ key, at: trippedAt, cause });
      if (entry.flowedAt !== null) flowedAt = Math.max(flowedAt ?? -Infinity, entry.flowedAt);
    }
    return {
      calls,
      failures,
      flowedAt,
      silentMs: silentMs?.() ?? 0,
      tripped,
      gone: goneGroup(state, groupOf, now),
    };
  }

  #moment(): DecideModeOptions {
    const { store, rules, failsafe: { ceiling } } = this.#options;
    return { now: store.now(), rules, ceiling };
  }
}

function assertRung(mode: string, { rungs }: ModeRules): void {
  if (!rungs.includes(mode)) throw new RangeError(`Cannot use mode "${mode}": the modes are ${rungs.join(", ")}`);
}
