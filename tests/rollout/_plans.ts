import {
  applyRequest,
  type ArmOutcome,
  IDLE_ROLLOUT,
  parseRolloutPlan,
  recordOutcomes,
  type RolloutPlan,
  type RolloutRecord,
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
export function started(plan: RolloutPlan = USUAL, now = START): RolloutRecord {
  return applyRequest(IDLE_ROLLOUT, { type: "start", plan }, { now }).rollout;
}

/** Count the same outcome several times. */
export function record(
  rollout: RolloutRecord,
  arm: "canary" | "baseline",
  outcome: ArmOutcome,
  options: { readonly times?: number; readonly now?: number } = {},
): RolloutRecord {
  const { times = 1, now = START } = options;
  const outcomes = Array.from({ length: times }, () => ({ attempt: rollout.attempt, arm, outcome }));
  return recordOutcomes(rollout, outcomes, now);
}

/** Count comparisons of the speed. */
export function compare(rollout: RolloutRecord, ratios: readonly number[], now = START): RolloutRecord {
  return recordOutcomes(rollout, ratios.map((ratio) => ({ attempt: rollout.attempt, ratio })), now);
}

/** Count clean downloads of both arms, enough for an analysis to pass. */
export function pass(rollout: RolloutRecord, now = START): RolloutRecord {
  const ok: ArmOutcome = { type: "ok" };
  return record(record(rollout, "baseline", ok, { times: 80, now }), "canary", ok, { times: 80, now });
}
