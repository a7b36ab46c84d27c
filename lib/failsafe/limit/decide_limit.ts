import { endRound } from "./_end_round.ts";
import { moveLimit } from "./_move_limit.ts";
import type { LimitOutcome } from "./limit_outcome.ts";
import type { LimitRules } from "./limit_rules.ts";
import type { LimitState } from "./limit_state.ts";

/**
 * Why a limit changed.
 *
 * - `latency`: answers take longer than they did; `refused`: the host had enough
 * - `room`: fully used and calm; `idle`: unused for so long that what was known has aged
 * - `measure`: halved for a round or two, to see what the latency is with less load, and back
 */
export type LimitReason = "latency" | "refused" | "room" | "idle" | "measure";

/** One end of a piece of work. */
export interface LimitSample {
  /** How it ended. */
  readonly outcome: LimitOutcome;
  /** Its number in the order of starts. */
  readonly order: number;
  /** The number that the next start gets. */
  readonly nextOrder: number;
  /** What was in flight when it ended, itself included. */
  readonly inFlight: number;
}

/** What follows from a sample. */
export interface LimitDecision {
  /** The state from now on. */
  readonly state: LimitState;
  /** Why the limit is another one; absent when it is not. */
  readonly reason?: LimitReason;
  /** Start nothing for so long, in milliseconds; absent for no pause. */
  readonly pauseMs?: number;
}

/** The first pause after a refusal at the floor that does not say how long, and the longest. */
const FLOOR_PAUSE_MS = [1000, 30_000] as const;

/**
 * What the end of a piece of work means for the limit. Pure: no clock, no dice; the order of starts stands in for time.
 *
 * - A refusal of work that began after the last decrease takes away a part, at least one. Older work was sent under the
 *   limit that was found too high already: a whole burst of refusals counts once.
 * - Answers are gathered in rounds of `max(minSamples, limit)`. The median of a round stands against the long latency:
 *   the gradient is `clamp(tolerance × long / short, 0.5, 1)`, with the better of two rounds in a row as the short
 *   latency, so that neither a cold object nor one bad moment shrinks the limit.
 * - A calm round in which the limit was really used adds one. What was once too much is tried again only after
 *   `patience` such rounds, which double with each failed try.
 * - Answers that came while less than half of the limit was used do not count.
 * - The long latency falls by 5 % a round while it is more than twice the short one, and is measured anew at half the
 *   limit now and then: else it would follow a slowly growing overload. At the floor the load is as small as it gets, so
 *   what is slow there is slow by itself and becomes the long latency.
 *
 * @param state What is known
 * @param sample What ended
 * @param rules By what the limit moves
 * @returns The new state, and why the limit changed if it did
 */
export function decideLimit(state: LimitState, sample: LimitSample, rules: LimitRules): LimitDecision {
  switch (sample.outcome.type) {
    case "ignored":
      return { state };
    case "failed":
      return { state: { ...state, latencies: [], full: 0 } };
    case "refused":
      return decideRefused(state, sample, rules, sample.outcome.retryAfterMs);
    case "ok":
      return decideAnswered(state, sample, rules, sample.outcome.latencyMs);
  }
}

function decideRefused(
  state: LimitState,
  sample: LimitSample,
  rules: LimitRules,
  askedMs: number | undefined,
): LimitDecision {
  const pause = (ms = askedMs) => ms === undefined ? {} : { pauseMs: ms };
  if (sample.order < state.shrunkAt) return { state, ...pause() };
  const { limit, brokenAt } = state;
  if (limit <= rules.floor) {
    // It cannot shrink, so it must wait.
    const [first, longest] = FLOOR_PAUSE_MS;
    const ownMs = Math.min(longest, first * 2 ** state.refusals);
    const moved = moveLimit(state, limit, sample.nextOrder);
    return {
      state: { ...moved, shrunkAt: sample.nextOrder, restoreTo: null, refusals: state.refusals + 1 },
      ...pause(askedMs ?? ownMs),
    };
  }
  const to = Math.max(rules.floor, Math.min(limit - 1, Math.floor(limit * rules.backoff)));
  const patience = limit === brokenAt ? Math.min(rules.maxPatience, state.patience * 2) : rules.patience;
  const moved = moveLimit(state, to, sample.nextOrder);
  return {
    state: { ...moved, shrunkAt: sample.nextOrder, restoreTo: null, brokenAt: limit, patience },
    reason: "refused",
    ...pause(),
  };
}

function decideAnswered(state: LimitState, sample: LimitSample, rules: LimitRules, latencyMs: number): LimitDecision {
  const answered = state.refusals === 0 ? state : { ...state, refusals: 0 };
  if (sample.order < state.changedAt || sample.inFlight * 2 < state.limit) return { state: answered };
  const gathered: LimitState = {
    ...answered,
    // Below a millisecond there is more noise than load.
    latencies: [...state.latencies, Math.max(1, latencyMs)],
    full: state.full + (sample.inFlight >= state.limit ? 1 : 0),
  };
  const wanted = Math.max(rules.minSamples, state.limit) * (state.restoreTo === null ? 1 : 2);
  if (gathered.latencies.length < wanted) return { state: gathered };
  return endRound(gathered, sample.nextOrder, rules);
}
