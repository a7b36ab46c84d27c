import {
  applyRequest,
  type ArmOutcome,
  IDLE_STATE,
  parseRolloutPlan,
  recordOutcomes,
  type RolloutPlan,
  type RolloutState,
} from "../../lib/rollout/mod.ts";

/** Start of time in these tests. */
export const START = Date.UTC(2026, 0, 1);
export const HOUR = 3_600_000;

/** Parse a plan with these steps, in YAML's flow style. */
export function planOf(steps: string, name = "fast"): RolloutPlan {
  return parseRolloutPlan(`{ version: 1, name: ${name}, from: stable, to: turbo, steps: [${steps}] }`);
}

/** 10 % → analysis → pause of an hour → 50 % → analysis → 100 %. */
export const USUAL: RolloutPlan = planOf(
  "{ setWeight: 10 }, { analysis: {} }, { pause: 1h }, { setWeight: 50 }, { analysis: {} }, { setWeight: 100 }",
);

/** A rollout that has just been started. */
export function started(plan: RolloutPlan = USUAL, now = START): RolloutState {
  return applyRequest(IDLE_STATE, { type: "start", plan }, { now }).state;
}

/** Count the same outcome several times. */
export function record(
  state: RolloutState,
  arm: "canary" | "baseline",
  outcome: ArmOutcome,
  options: { readonly times?: number; readonly now?: number } = {},
): RolloutState {
  const { times = 1, now = START } = options;
  const outcomes = Array.from({ length: times }, () => ({ attempt: state.attempt, arm, outcome }));
  return recordOutcomes(state, outcomes, now);
}

/** Count comparisons of the speed. */
export function compare(state: RolloutState, ratios: readonly number[], now = START): RolloutState {
  return recordOutcomes(state, ratios.map((ratio) => ({ attempt: state.attempt, ratio })), now);
}

/** Count clean downloads of both arms, enough for an analysis to pass. */
export function pass(state: RolloutState, now = START): RolloutState {
  const ok: ArmOutcome = { type: "ok" };
  return record(record(state, "baseline", ok, { times: 80, now }), "canary", ok, { times: 80, now });
}
