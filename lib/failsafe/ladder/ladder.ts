import { goneGroup, isBlocking } from "./_gone_groups.ts";
import { effectiveMode, modeStatus } from "./_mode_status.ts";
import type { Store } from "../shared/store.ts";
import type { SharedState } from "../shared/shared_state.ts";
import {
  decideMode,
  type ModeContext,
  type ModeDecision,
  type ModeSignals,
  type TrippedBreaker,
} from "./decide_mode.ts";
import type { FailsafeChange } from "../failsafe_event.ts";
import type { FailsafeOptions } from "../failsafe_options.ts";
import type { ModeStatus } from "../failsafe_status.ts";
import { holdMode, releaseMode, resetMode } from "./hold_mode.ts";
import type { ModeRules } from "./mode_rules.ts";

/** Minimum time between two regular decisions, in milliseconds. */
const JUDGE_MS = 100;

/** Options of {@linkcode Ladder}. */
export interface LadderSettings {
  readonly view: SharedState;
  readonly store: Store;
  readonly rules: ModeRules;
  readonly options: FailsafeOptions;
  readonly monotonic: () => number;
}

/** Moves the mode of a view according to the observations in it. */
export class Ladder {
  readonly #settings: LadderSettings;
  #judgedAt = -Infinity;

  constructor(settings: LadderSettings) {
    const { rules, options } = settings;
    for (const mode of [options.ceiling, options.force?.mode]) if (mode !== undefined) assertRung(mode, rules);
    this.#settings = settings;
  }

  /** The mode that this process should use now. */
  get mode(): string {
    this.judge();
    const { view, options: { force } } = this.#settings;
    return effectiveMode({ state: view.mode, context: this.#context(), force });
  }

  /** Whether a key's calls and its breaker move the ladder. */
  isMovedBy(key: string): boolean {
    const { movesMode = () => true } = this.#settings.options;
    return movesMode(key);
  }

  /**
   * Take a step if one is due. Decides at most every `JUDGE_MS`; with `isNews`, at once, because something has changed.
   */
  judge(options: { readonly isNews?: boolean } = {}): void {
    const { monotonic, store, view, options: { force, steers = true } } = this.#settings;
    const now = monotonic();
    const isMoving = force === undefined && (steers || this.#isHoldOver());
    if (!isMoving || (now - this.#judgedAt < JUDGE_MS && !options.isNews)) return;
    this.#judgedAt = now;
    const { state, change } = this.#decide();
    if (change === undefined) view.mode = state;
    else store.transact(() => this.#applyDecision(this.#decide()));
  }

  status(): ModeStatus {
    const { view, options: { force } } = this.#settings;
    return modeStatus({ state: view.mode, signals: this.#signals(), context: this.#context(), force });
  }

  /** @throws {RangeError} If there is no such mode */
  hold(mode: string, forMs: number | null): readonly FailsafeChange[] {
    const { view, rules } = this.#settings;
    return this.#applyDecision(holdMode(view.mode, { mode, forMs }, { ...this.#context(), rules }));
  }

  release(): readonly FailsafeChange[] {
    return this.#applyDecision(releaseMode(this.#settings.view.mode, this.#context().now));
  }

  reset(): readonly FailsafeChange[] {
    return this.#applyDecision(resetMode(this.#settings.view.mode, this.#context()));
  }

  /** Whether the time of a hold is over. This depends only on the time, so any process may end the hold. */
  #isHoldOver(): boolean {
    const { view: { mode: { hold } }, store } = this.#settings;
    return hold !== null && hold.until !== null && hold.until <= store.now();
  }

  #decide(): ModeDecision {
    return decideMode(this.#settings.view.mode, this.#signals(), this.#context());
  }

  #applyDecision({ state, change }: ModeDecision): readonly FailsafeChange[] {
    this.#settings.view.mode = state;
    return change === undefined ? [] : [{ type: "mode", ...change }];
  }

  #signals(): ModeSignals {
    const { view, store, options } = this.#settings;
    const { groupOf = () => "every host" } = options;
    const now = store.now();
    const { mode: { reason, since } } = view;
    // Before the first step, all recorded calls count.
    const { calls, failures } = view.calls.countLastMinute(now, { after: reason === null ? -Infinity : since });
    const tripped: TrippedBreaker[] = [];
    let flowedAt: number | null = null;
    for (const [key, entry] of view.breakers) {
      if (!this.isMovedBy(key)) continue;
      const { trippedAt, cause } = entry.state;
      if (trippedAt !== null && isBlocking(entry, now)) tripped.push({ key, at: trippedAt, cause });
      if (entry.flowedAt !== null) flowedAt = Math.max(flowedAt ?? -Infinity, entry.flowedAt);
    }
    // Bytes of another process end the silence, too.
    const silentMs = Math.max(0, Math.min(options.silentMs?.() ?? 0, now - (flowedAt ?? -Infinity)));
    return { calls, failures, flowedAt, silentMs, tripped, gone: goneGroup(view, groupOf, now) };
  }

  #context(): ModeContext {
    const { store, rules, options: { ceiling } } = this.#settings;
    return { now: store.now(), rules, ceiling };
  }
}

function assertRung(mode: string, { rungs }: ModeRules): void {
  if (!rungs.includes(mode)) throw new RangeError(`Cannot use mode "${mode}": the modes are ${rungs.join(", ")}`);
}
