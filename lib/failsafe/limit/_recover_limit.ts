import { moveLimit } from "./_move_limit.ts";
import type { LimitReport } from "./limit_report.ts";
import type { LimitDecision } from "./limit_decision.ts";
import type { LimitRules } from "./limit_rules.ts";
import type { LimitState } from "./limit_state.ts";

/** A measurement at half the limit that has not gathered its round by then is given up, in milliseconds. */
const MEASURE_MS = 15_000;

/** Decide whether a limit that has shrunk has waited long enough: see `decideLimit`. */
export function recoverLimit(
  state: LimitState,
  { nowMs, inFlight, nextOrder }: Pick<LimitReport, "nowMs" | "inFlight" | "nextOrder">,
  rules: LimitRules,
): LimitDecision {
  const { limit, shrunkFrom, brokenAt, restoreTo, calmSinceMs } = state;
  if (calmSinceMs === null) return { state: { ...state, calmSinceMs: nowMs } };
  const calmMs = nowMs - calmSinceMs;
  if (restoreTo !== null) {
    if (calmMs < MEASURE_MS) return { state };
    return { state: { ...moveLimit(state, restoreTo, nextOrder), restoreTo: null }, reason: "measure" };
  }
  if (shrunkFrom === null || calmMs < (limit + 1 === brokenAt ? state.recoverMs : rules.recoverMs)) return { state };
  // The limit has proved harmless.
  const proven = { ...state, brokenAt: brokenAt !== null && limit >= brokenAt ? null : brokenAt };
  if (limit >= shrunkFrom) return { state: { ...proven, shrunkFrom: null } };
  if (inFlight < limit) return { state: proven };
  return { state: moveLimit(proven, limit + 1, nextOrder), reason: "recovered" };
}
