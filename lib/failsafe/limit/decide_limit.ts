import type { LimitDecision } from "./limit_decision.ts";
import { endRound } from "./_end_round.ts";
import type { LimitReport } from "./limit_report.ts";
import { recoverLimit } from "./_recover_limit.ts";
import { moveLimit, shrinkLimit } from "./_move_limit.ts";
import type { LimitRules } from "./limit_rules.ts";
import type { LimitState } from "./limit_state.ts";

/** The first and the longest pause after refusals at the floor without Retry-After, in milliseconds. */
const FLOOR_PAUSE_MS = [1000, 30_000] as const;

/**
 * Decide what a sign of a request means for the limit. This is a pure function without random numbers.
 *
 * - A refusal reduces the limit by a share, and by at least one, if the request started after the last refusal that
 *   counted. Earlier requests were sent under a limit that is already known to be too high, so a whole burst of
 *   refusals counts once.
 * - Responses are gathered in rounds of `max(minSamples, limit)`. The median of a round is compared with the long
 *   latency: the gradient is `clamp(tolerance × long / short, 0.5, 1)`. The short latency is the lower median of two
 *   rounds in a row, so that neither a cold object nor a single bad moment reduces the limit.
 * - A calm round in which the limit was mostly used adds one. A limit that was found too high is tried again only after
 *   `patience` such rounds, a number that doubles with each failed attempt.
 * - A limit that has shrunk also grows by one after `recoverMs` in which bytes flowed and nothing was refused, failed or
 *   slow, a time that doubles with each failed attempt. A response may be a file of many gigabytes, so that a round
 *   takes hours.
 * - Responses that arrived while less than half of the limit was used do not count.
 * - The long latency falls by an extra 5% per round while it is more than twice the median of the round, and it is
 *   occasionally measured again at half the limit. Otherwise it would follow a slowly growing overload. At the floor
 *   the load is minimal, so a slow host is slow regardless of the load, and its latency becomes the long latency.
 *
 * @param state The current state
 * @param sample What happened
 * @param rules The rules of the limit
 * @returns The new state, and why the limit changed if it did
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decideLimit, freshLimit, limitRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const rules = limitRules({ start: 4 });
 * const sample = { outcome: { type: "refused" }, order: 0, nextOrder: 4, inFlight: 4, nowMs: 0 } as const;
 * const { state, reason } = decideLimit(freshLimit(rules), sample, rules);
 * assertEquals([state.limit, reason], [3, "refused"]);
 * ```
 */
export function decideLimit(state: LimitState, sample: LimitReport, rules: LimitRules): LimitDecision {
  switch (sample.outcome.type) {
    case "ignored":
      return { state };
    case "failed":
      return { state: { ...state, latencies: [], full: 0, calmSinceMs: null } };
    case "flowing":
      return recoverLimit(state, sample, rules);
    case "refused":
      return decideRefused(state, sample, rules, sample.outcome.retryAfterMs);
    case "ok":
      return decideAnswered(state, sample, rules, sample.outcome.latencyMs);
  }
}

function decideRefused(
  state: LimitState,
  sample: LimitReport,
  rules: LimitRules,
  requestedMs: number | undefined,
): LimitDecision {
  const pause = (ms = requestedMs) => ms === undefined ? {} : { pauseMs: ms };
  if (sample.order < state.shrunkAt) return { state: { ...state, calmSinceMs: null }, ...pause() };
  const { limit } = state;
  if (limit <= rules.floor) {
    // The limit cannot shrink further, so requests to the host pause.
    const [first, longest] = FLOOR_PAUSE_MS;
    const ownMs = Math.min(longest, first * 2 ** state.refusals);
    const moved = moveLimit(state, limit, sample.nextOrder);
    return {
      state: { ...moved, shrunkAt: sample.nextOrder, restoreTo: null, refusals: state.refusals + 1 },
      ...pause(requestedMs ?? ownMs),
    };
  }
  const to = Math.max(rules.floor, Math.min(limit - 1, Math.floor(limit * rules.backoff)));
  const moved = shrinkLimit(state, to, sample.nextOrder, rules);
  return {
    state: { ...moved, shrunkAt: sample.nextOrder, restoreTo: null },
    reason: "refused",
    ...pause(),
  };
}

function decideAnswered(state: LimitState, sample: LimitReport, rules: LimitRules, latencyMs: number): LimitDecision {
  const answered = state.refusals === 0 ? state : { ...state, refusals: 0 };
  if (sample.order < state.changedAt || sample.inFlight * 2 < state.limit) return recoverLimit(answered, sample, rules);
  const gathered: LimitState = {
    ...answered,
    // Differences below a millisecond are noise rather than load.
    latencies: [...state.latencies, Math.max(1, latencyMs)],
    full: state.full + (sample.inFlight >= state.limit ? 1 : 0),
  };
  const wanted = Math.max(rules.minSamples, state.limit) * (state.restoreTo === null ? 1 : 2);
  if (gathered.latencies.length < wanted) return recoverLimit(gathered, sample, rules);
  return endRound(gathered, sample.nextOrder, rules);
}
