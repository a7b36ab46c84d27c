import type { Random } from "../../base/mod.ts";
import { toTime, toTimeOrNull } from "../state/to_time.ts";
import type { Store } from "../state/store.ts";
import type { BreakerEntry, FailsafeState } from "../state/failsafe_state.ts";
import type { Admission } from "./admission.ts";
import { resetBreaker, tripBreaker } from "./breaker_by_hand.ts";
import type { BreakerRules } from "./breaker_rules.ts";
import type { BreakerRecord } from "../state/breaker_record.ts";
import type { CallOutcome } from "./call_outcome.ts";
import {
  admitCall,
  advanceBreaker,
  type BreakerAnswer,
  endProbe,
  judgeCalls,
  type MoveBreakerOptions,
} from "./decide_breaker.ts";
import type { BreakerStep } from "../state/breaker_step.ts";
import type { FailsafeChange } from "../failsafe_event.ts";
import type { BreakerStatus } from "../failsafe_status.ts";
import { failureWeight } from "../failure/failure_weight.ts";
import { SlidingWindow } from "../state/sliding_window.ts";
import type { WindowCall } from "../state/window_counts.ts";

/** A probe has succeeded if its body is still arriving after this time, in milliseconds. */
const PROVEN_MS = 10_000;
/** Minimum time between two records of received bytes, in milliseconds. */
const FLOW_MS = 1000;

/** Options of {@linkcode Breakers}. */
export interface BreakersOptions {
  readonly state: FailsafeState;
  readonly store: Store;
  readonly rules: BreakerRules;
  readonly random: Random;
  /** Called with each call that counts. */
  readonly onCall: (key: string, call: WindowCall) => void;
  /** Called when a breaker may have moved. */
  readonly onMove: () => void;
}

/** Admits or refuses calls, and moves the breakers of a state according to the outcomes of calls. */
export class Breakers {
  readonly #options: BreakersOptions;
  #probes = 0;

  constructor(options: BreakersOptions) {
    this.#options = options;
  }

  admit(key: string): Admission {
    const { state, store, onMove } = this.#options;
    const now = store.now();
    const entry = this.#touch(key, now);
    if (entry.record.state === "closed") return this.#createAdmission(key, entry.record.round, null);
    const probe = `${++this.#probes}`;
    const answer = admitCall(entry.record, { ...this.#moment(now), probe });
    if (answer.record !== entry.record) {
      store.commit(state.move(key, answer, now));
      onMove();
    }
    if (answer.type === "refused") return this.#refuse(key, answer);
    return this.#createAdmission(key, answer.record.round, answer.type === "probe" ? probe : null);
  }

  record(key: string, outcome: CallOutcome): void {
    const entry = this.#touch(key, this.#options.store.now());
    this.#recordCall(key, entry.record.round, outcome);
  }

  trip(key: string, forMs: number, now: number): readonly FailsafeChange[] {
    const { state } = this.#options;
    const isNew = !state.breakers.has(key);
    const entry = state.entry(key, now);
    entry.isByHand ||= isNew;
    return state.move(key, tripBreaker(entry.record, forMs, this.#moment(now)), now);
  }

  reset(key: string, now: number): readonly FailsafeChange[] {
    const { state } = this.#options;
    const entry = state.entry(key, now);
    entry.window = new SlidingWindow();
    const changes = state.move(key, resetBreaker(entry.record, { now }), now);
    if (entry.isByHand) state.breakers.delete(key);
    return changes;
  }

  status(): readonly BreakerStatus[] {
    const { store, state: { breakers } } = this.#options;
    const now = store.now();
    const all = [...breakers].map(([key, entry]) => {
      const { record } = advanceBreaker(entry.record, { ...this.#moment(now), dice: 0 });
      const { state, since, until, reason, ja, cause, probes } = record;
      const times = { since: toTime(since), until: toTimeOrNull(until) };
      return {
        key,
        state,
        ...times,
        reason,
        ja,
        cause,
        ...entry.window.countLastCalls(now),
        probes: probes.length,
      };
    });
    return all.toSorted((a, b) => a.key < b.key ? -1 : 1);
  }

  #touch(key: string, now: number): BreakerEntry {
    const entry = this.#options.state.entry(key, now);
    entry.usedAt = now;
    entry.isByHand = false;
    return entry;
  }

  #refuse(key: string, answer: Pick<BreakerAnswer, "record" | "retryInMs">): Admission {
    const { state, store, onMove } = this.#options;
    const now = store.now();
    const entry = state.entry(key, now);
    const isFirst = entry.deniedAt === null || entry.deniedAt < entry.record.since;
    entry.deniedAt = now;
    // This refusal may make a group unavailable, so the mode is decided at once.
    if (isFirst) onMove();
    store.saveIfDue();
    return refusal(answer.record, answer.retryInMs);
  }

  #createAdmission(key: string, round: number, probe: string | null): Admission {
    const startedAt = this.#options.store.now();
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
    const { store } = this.#options;
    const now = store.now();
    const entry = this.#touch(key, now);
    const sinceMs = now - (entry.flowedAt ?? -Infinity);
    // If the clock was set back, bytes are recorded at once.
    if (sinceMs >= 0 && sinceMs < FLOW_MS) return now;
    entry.flowedAt = now;
    return now;
  }

  #recordCall(key: string, round: number, outcome: CallOutcome): void {
    const { state, store, onCall } = this.#options;
    const call = this.#weigh(outcome);
    if (call === null) return;
    const now = store.now();
    const entry = state.entry(key, now);
    if (call.outcome !== "ok") entry.deniedAt = now;
    // A call that began before the last transition says nothing about the current state.
    if (entry.record.round === round && entry.record.state === "closed") {
      entry.window.add(now, call);
      if (call.outcome !== "ok" || call.isSlow) this.#judgeNow(key, entry, now);
    }
    onCall(key, call);
    store.saveIfDue();
  }

  #judgeNow(key: string, entry: BreakerEntry, now: number): void {
    const { state, store, onMove } = this.#options;
    const step = this.#judge(entry, now);
    if (step.changes.length === 0) return;
    store.commit(state.move(key, step, now));
    onMove();
  }

  #endProbe(key: string, id: string, outcome: CallOutcome | "flowing"): void {
    const { state, store, onCall, onMove } = this.#options;
    const now = store.now();
    const entry = state.entry(key, now);
    const call: WindowCall | null = outcome === "flowing" ? { outcome: "ok" } : this.#weigh(outcome);
    const probe = {
      id,
      outcome: outcome === "flowing" ? outcome : verdictOf(call),
      kind: call?.kind,
      isHard: call?.outcome === "hard",
    };
    if (probe.outcome === "failed") entry.deniedAt = now;
    if (call !== null) onCall(key, call);
    store.commit(state.move(key, endProbe(entry.record, probe, this.#moment(now)), now));
    onMove();
  }

  #judge({ window, record }: BreakerEntry, now: number): BreakerStep {
    const kinds = { mainKind: window.mainKind(now), lastKind: window.lastKind(now) };
    const recent = {
      ...window.countLastCalls(now),
      sinceSuccessMs: window.sinceSuccessMs(now),
      hardStreak: window.hardStreak(now),
      ...kinds,
    };
    return judgeCalls(record, recent, this.#moment(now));
  }

  /** Convert an outcome to a call of the window. Returns `null` if it says nothing about the key. */
  #weigh(outcome: CallOutcome): WindowCall | null {
    if (outcome.type === "ignored") return null;
    if (outcome.type === "ok") return { outcome: "ok", isSlow: outcome.durationMs > this.#options.rules.slowMs };
    const weight = failureWeight(outcome.failure);
    if (weight === "none") return null;
    if (weight === "answered") return { outcome: "ok" };
    const { failure, status = null, isHard } = outcome;
    return { outcome: weight === "hard" || isHard === true ? "hard" : "failed", kind: { failure, status } };
  }

  #moment(now: number): MoveBreakerOptions {
    return { now, rules: this.#options.rules, dice: this.#options.random() };
  }
}

function verdictOf(call: WindowCall | null): "ok" | "failed" | "none" {
  if (call === null) return "none";
  return call.outcome === "ok" ? "ok" : "failed";
}

function refusal({ cause }: Pick<BreakerRecord, "cause">, retryInMs: number): Admission {
  return {
    type: "refused",
    retryInMs,
    refusal: cause,
    recordFlow() {},
    finish() {},
    [Symbol.dispose]() {},
  };
}
