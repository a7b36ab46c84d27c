import type { Random } from "../../base/mod.ts";
import { toTime, toTimeOrNull } from "../shared/fields.ts";
import type { Store } from "../shared/store.ts";
import type { SharedState, ViewEntry } from "../shared/shared_state.ts";
import type { BreakerDecision } from "./breaker_decision.ts";
import { resetBreaker, tripBreaker } from "./breaker_by_hand.ts";
import type { BreakerCause } from "./breaker_cause.ts";
import { type BreakerRules, breakerRules } from "./breaker_rules.ts";
import type { BreakerState } from "./breaker_state.ts";
import type { CallOutcome } from "./call_outcome.ts";
import {
  admitCall,
  advanceBreaker,
  type BreakerAnswer,
  type BreakerContext,
  endProbe,
  judgeCalls,
} from "./decide_breaker.ts";
import type { BreakerStep } from "./breaker_step.ts";
import type { FailsafeChange } from "../failsafe_event.ts";
import type { FailsafeOptions } from "../failsafe_options.ts";
import type { BreakerStatus } from "../failsafe_status.ts";
import { failureWeight } from "../failure/failure_weight.ts";
import { SlidingWindow } from "./sliding_window.ts";
import type { WindowCall } from "./window_counts.ts";

const DEFAULT_RULES = breakerRules();
/** Retry after this time when another process holds the lock, in milliseconds. */
const BUSY_RETRY_MS = 250;
/** A probe has succeeded if its body is still arriving after this time, in milliseconds. */
const PROVEN_MS = 10_000;
/** Minimum time between two records of received bytes, in milliseconds. */
const FLOW_MS = 1000;
/** Maximum number of keys for which rules are cached. */
const MAX_RULES = 1024;

/** Used for states that were written by earlier versions, which do not record why a breaker opened. */
const UNKNOWN_CAUSE: BreakerCause = { failure: "unknown", status: null, reason: "fails" };

/** Options of {@linkcode Breakers}. */
export interface BreakersSettings {
  readonly view: SharedState;
  readonly store: Store;
  readonly options: Pick<FailsafeOptions, "rulesFor">;
  readonly random: Random;
  /** Called with each call that counts. */
  readonly onCall: (key: string, call: WindowCall) => void;
  /** Called when a breaker may have moved. */
  readonly onMove: () => void;
}

/** Admits or refuses calls, and moves the breakers of a view according to the outcomes of calls. */
export class Breakers {
  readonly #settings: BreakersSettings;
  readonly #id = crypto.randomUUID().slice(0, 8);
  readonly #rules = new Map<string, BreakerRules>();
  #probes = 0;

  constructor(settings: BreakersSettings) {
    this.#settings = settings;
  }

  admit(key: string): BreakerDecision {
    const { view, store, onMove } = this.#settings;
    const now = store.now();
    const entry = this.#touch(key, now);
    if (entry.state.phase === "closed") return this.#createPermit(key, entry.state.round, null);
    const probe = `${this.#id}-${++this.#probes}`;
    let answer = admitCall(entry.state, { ...this.#context(key, now), probe });
    if (answer.type === "refused" && answer.state === entry.state) return this.#refuse(key, answer);
    const isDecided = store.transact((at) => {
      const newest = view.entry(key, at);
      answer = admitCall(newest.state, { ...this.#context(key, at), probe });
      return view.move(key, newest, answer);
    });
    if (!isDecided) return refusal(entry.state, BUSY_RETRY_MS);
    onMove();
    if (answer.type === "refused") return this.#refuse(key, answer);
    return this.#createPermit(key, answer.state.round, answer.type === "probe" ? probe : null);
  }

  record(key: string, outcome: CallOutcome): void {
    const entry = this.#touch(key, this.#settings.store.now());
    this.#recordCall(key, entry.state.round, outcome);
  }

  trip(key: string, forMs: number, now: number): readonly FailsafeChange[] {
    const { view } = this.#settings;
    const isNew = !view.breakers.has(key);
    const entry = view.entry(key, now);
    entry.isByHand ||= isNew;
    return this.#step(key, now, ({ state }) => tripBreaker(state, forMs, this.#context(key, now)));
  }

  reset(key: string, now: number): readonly FailsafeChange[] {
    const { view } = this.#settings;
    const entry = view.entry(key, now);
    entry.window = new SlidingWindow();
    entry.pending = null;
    const changes = this.#step(key, now, ({ state }) => resetBreaker(state, { now }));
    if (entry.isByHand) view.breakers.delete(key);
    return changes;
  }

  status(): readonly BreakerStatus[] {
    const { view, store } = this.#settings;
    const now = store.now();
    const all = [...view.breakers].map(([key, entry]) => {
      const { state } = advanceBreaker(entry.state, { ...this.#context(key, now), dice: 0 });
      const { since, until, reason, cause, probes } = state;
      const times = { since: toTime(since), until: toTimeOrNull(until) };
      return {
        key,
        state: state.phase,
        ...times,
        reason,
        cause,
        ...entry.window.countLastCalls(now),
        probes: probes.length,
      };
    });
    return all.toSorted((a, b) => a.key < b.key ? -1 : 1);
  }

  #touch(key: string, now: number): ViewEntry {
    const entry = this.#settings.view.entry(key, now);
    entry.usedAt = now;
    entry.isByHand = false;
    return entry;
  }

  #refuse(key: string, { state, retryInMs }: Pick<BreakerAnswer, "state" | "retryInMs">): BreakerDecision {
    const { view, store, onMove } = this.#settings;
    const now = store.now();
    const entry = view.entry(key, now);
    const isFirst = entry.deniedAt === null || entry.deniedAt < entry.state.since;
    entry.deniedAt = now;
    // This refusal may make a group unavailable, so the mode is decided at once.
    if (isFirst) onMove();
    store.mergeIfDue();
    return refusal(state, retryInMs);
  }

  #createPermit(key: string, round: number, probe: string | null): BreakerDecision {
    const startedAt = this.#settings.store.now();
    let isOver = false;
    let isProven = false;
    const finish = (outcome: CallOutcome): void => {
      if (isOver) return;
      isOver = true;
      if (probe === null) this.#recordCall(key, round, outcome);
      else if (!isProven) this.#endProbe(key, probe, outcome);
    };
    const recordFlow = (): void => {
      if (isOver) return;
      const now = this.#recordFlow(key);
      if (probe === null || isProven || now - startedAt < PROVEN_MS) return;
      isProven = true;
      this.#endProbe(key, probe, "flowing");
    };
    const type = probe === null ? "allowed" : "probe";
    return {
      type,
      retryInMs: 0,
      refusal: null,
      recordFlow,
      finish,
      [Symbol.dispose]: () => finish({ type: "ignored" }),
    };
  }

  /** Record received bytes; returns the current time. */
  #recordFlow(key: string): number {
    const { store } = this.#settings;
    const now = store.now();
    const entry = this.#touch(key, now);
    const sinceMs = now - (entry.flowedAt ?? -Infinity);
    // If the clock was set back, bytes are recorded at once.
    if (sinceMs >= 0 && sinceMs < FLOW_MS) return now;
    entry.flowedAt = now;
    store.mergeIfDue();
    return now;
  }

  #recordCall(key: string, round: number, outcome: CallOutcome): void {
    const { view, store, onCall } = this.#settings;
    const call = this.#weigh(key, outcome);
    if (call === null) return;
    const now = store.now();
    const entry = view.entry(key, now);
    if (call.outcome !== "ok") entry.deniedAt = now;
    // A call that began before the last transition says nothing about the current state.
    if (entry.state.round === round && entry.state.phase === "closed") {
      view.addCall(entry, now, call);
      if (call.outcome !== "ok" || call.isSlow) this.#judgeNow(key, entry, now);
    }
    onCall(key, call);
    store.mergeIfDue();
  }

  #judgeNow(key: string, entry: ViewEntry, now: number): void {
    const { store, onMove } = this.#settings;
    if (this.#judge(key, entry, now).changes.length === 0) return;
    store.transact((at) => this.#step(key, at, (newest) => this.#judge(key, newest, at)));
    onMove();
  }

  #endProbe(key: string, id: string, outcome: CallOutcome | "flowing"): void {
    const { view, store, onCall, onMove } = this.#settings;
    const call: WindowCall | null = outcome === "flowing" ? { outcome: "ok" } : this.#weigh(key, outcome);
    const verdict = call === null ? "none" : call.outcome === "ok" ? "ok" : "failed";
    const probeOutcome = outcome === "flowing" ? outcome : verdict;
    const isHard = call?.outcome === "hard";
    if (probeOutcome === "failed") view.entry(key, store.now()).deniedAt = store.now();
    if (call !== null) onCall(key, call);
    store.transactLate((now) =>
      this.#step(
        key,
        now,
        ({ state }) =>
          endProbe(state, { id, outcome: probeOutcome, kind: call?.kind, isHard }, this.#context(key, now)),
      )
    );
    onMove();
  }

  #judge(key: string, { window, state }: ViewEntry, now: number): BreakerStep {
    const kinds = { mainKind: window.mainKind(now), lastKind: window.lastKind(now) };
    const recent = {
      ...window.countLastCalls(now),
      sinceSuccessMs: window.sinceSuccessMs(now),
      hardStreak: window.hardStreak(now),
      ...kinds,
    };
    return judgeCalls(state, recent, this.#context(key, now));
  }

  #step(key: string, now: number, decide: (entry: ViewEntry) => BreakerStep): readonly FailsafeChange[] {
    const { view } = this.#settings;
    const entry = view.entry(key, now);
    return view.move(key, entry, decide(entry));
  }

  /** Convert an outcome to a call of the window. Returns `null` if it says nothing about the key. */
  #weigh(key: string, outcome: CallOutcome): WindowCall | null {
    if (outcome.type === "ignored") return null;
    if (outcome.type === "ok") return { outcome: "ok", isSlow: outcome.durationMs > this.#rulesOf(key).slowMs };
    const weight = failureWeight(outcome.failure);
    if (weight === "none") return null;
    if (weight === "answered") return { outcome: "ok" };
    const { failure, status = null, isHard } = outcome;
    return { outcome: weight === "hard" || isHard === true ? "hard" : "failed", kind: { failure, status } };
  }

  #context(key: string, now: number): BreakerContext {
    return { now, rules: this.#rulesOf(key), dice: this.#settings.random() };
  }

  #rulesOf(key: string): BreakerRules {
    const { rulesFor } = this.#settings.options;
    if (rulesFor === undefined) return DEFAULT_RULES;
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    if (this.#rules.size >= MAX_RULES) this.#rules.clear();
    const rules = breakerRules(rulesFor(key));
    this.#rules.set(key, rules);
    return rules;
  }
}

function refusal({ cause }: Pick<BreakerState, "cause">, retryInMs: number): BreakerDecision {
  return {
    type: "refused",
    retryInMs,
    refusal: cause ?? UNKNOWN_CAUSE,
    recordFlow() {},
    finish() {},
    [Symbol.dispose]() {},
  };
}
