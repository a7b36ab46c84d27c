import { moveLimit, shrinkLimit } from "./_move_limit.ts";
import type { LimitDecision } from "./limit_decision.ts";
import type { LimitRules } from "./limit_rules.ts";
import type { LimitState } from "./limit_state.ts";

/** The long latency is the mean of this many first rounds; after that, it follows slowly. */
const WARM_UP_ROUNDS = 4;

/**
 * Multiplied by the default tolerance of 1.5, this is less than 2: if doubling the limit doubles the latency, the
 * second half of the limit gains nothing.
 */
const MEASURED_MARGIN = 1.2;

/** Decide at the end of a round of responses: see `decideLimit`. */
export function endRound(state: LimitState, nextOrder: number, rules: LimitRules): LimitDecision {
  const roundMs = median(state.latencies);
  const longMs = state.longMs ?? roundMs;
  if (state.restoreTo !== null) return endMeasure(state, { roundMs, longMs, nextOrder });
  // The first round after a change of the limit is not sufficient: the short latency is then 0, which keeps the
  // gradient at 1.
  const shortMs = Math.min(roundMs, state.previousMs ?? 0);
  const isSlow = roundMs > rules.tolerance * longMs;
  const isUsed = state.full * 2 > state.latencies.length;
  const next: LimitState = {
    ...state,
    latencies: [],
    full: 0,
    previousMs: roundMs,
    rounds: state.rounds + 1,
    longMs: followLatency(longMs, roundMs, state.rounds, rules),
  };
  if (isSlow) {
    const gradient = Math.max(0.5, Math.min(1, rules.tolerance * longMs / shortMs));
    return decideSlow({ ...next, calm: 0, calmSinceMs: null }, { gradient, roundMs, nextOrder }, rules);
  }
  return isUsed ? decideCalm({ ...next, calm: state.calm + 1 }, nextOrder, rules) : { state: next };
}

/**
 * Restore the limit after a measurement. A long latency far above the one at half the limit has grown with the load, so
 * it is reduced.
 */
function endMeasure(
  state: LimitState,
  facts: { readonly roundMs: number; readonly longMs: number; readonly nextOrder: number },
): LimitDecision {
  const { roundMs, longMs, nextOrder } = facts;
  const moved = moveLimit(state, state.restoreTo!, nextOrder);
  return {
    state: { ...moved, restoreTo: null, rounds: state.rounds + 1, longMs: Math.min(longMs, MEASURED_MARGIN * roundMs) },
    reason: "measure",
  };
}

function decideSlow(
  state: LimitState,
  facts: { readonly gradient: number; readonly roundMs: number; readonly nextOrder: number },
  rules: LimitRules,
): LimitDecision {
  const { gradient, roundMs, nextOrder } = facts;
  const { limit } = state;
  if (gradient === 1) return { state };
  if (limit <= rules.floor) return { state: { ...state, longMs: roundMs } };
  const advised = Math.floor(limit * (1 - rules.smoothing + rules.smoothing * gradient));
  const to = Math.max(rules.floor, Math.min(limit - 1, advised));
  return { state: shrinkLimit(state, to, nextOrder, rules), reason: "latency" };
}

function decideCalm(state: LimitState, nextOrder: number, rules: LimitRules): LimitDecision {
  const { limit } = state;
  if (state.rounds % rules.measureEvery === 0 && limit > rules.floor) {
    const to = Math.max(rules.floor, Math.ceil(limit / 2));
    return { state: { ...moveLimit(state, to, nextOrder), restoreTo: limit }, reason: "measure" };
  }
  const brokenAt = state.brokenAt !== null && limit >= state.brokenAt ? null : state.brokenAt;
  const wanted = limit + 1 === brokenAt ? state.patience : 1;
  if (limit >= rules.ceiling || state.calm < wanted) return { state: { ...state, brokenAt } };
  return { state: { ...moveLimit(state, limit + 1, nextOrder), brokenAt }, reason: "room" };
}

/**
 * Let the long latency follow a fall quickly and a rise slowly. It should be the latency under low load, not under a
 * growing load.
 */
function followLatency(longMs: number, roundMs: number, rounds: number, rules: LimitRules): number {
  if (rounds < WARM_UP_ROUNDS) return longMs + (roundMs - longMs) / (rounds + 1);
  const span = roundMs > longMs ? rules.longRounds : rules.longRounds / 10;
  const followed = longMs + (roundMs - longMs) / span;
  return followed > 2 * roundMs ? followed * 0.95 : followed;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
