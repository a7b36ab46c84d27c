import { formatDuration } from "../../base/mod.ts";
import type { Arm } from "../buckets/arm_of.ts";
import { addOutcome, type ArmOutcome } from "../stage/arm_record.ts";
import type { JudgeRules } from "../stage/judge_rules.ts";
import type { Judgement } from "../stage/judgement.ts";
import { addSpeed } from "../stage/speed_record.ts";
import { findAbortReason, judgeStage, type StageArms } from "../stage/judge_stage.ts";
import { enterStep, move } from "./_move.ts";
import type { RolloutRecord } from "./rollout_record.ts";

/** One measured download of a rollout. */
export interface RolloutOutcome {
  /** The attempt that the download belongs to; see `RolloutPlace.attempt`. */
  readonly attempt: string;
  /** The arm of its key; downloads of the rest are not measured. */
  readonly arm: Arm;
  /** How it ended. */
  readonly outcome: ArmOutcome;
}

/** One comparison of the speed of both engines. */
export interface RolloutSpeed {
  /** The attempt that both engines belonged to. */
  readonly attempt: string;
  /** Speed of what is rolled out as a multiple of the stable alternative's; see `addSpeed`. */
  readonly ratio: number;
}

/**
 * Judge the current stage, or the one that was aborted; `null` without a rollout and after its end. At an analysis, the
 * verdict decides whether the rollout advances. Elsewhere the decision has been made, and only an abort is left.
 */
export function judgeRollout({ state, plan, step, arms }: RolloutRecord): Judgement | null {
  if (plan === null || state === "idle" || state === "completed") return null;
  const judgement = judgeStage(arms, plan.rules);
  if (state === "degraded" || judgement.verdict === "abort" || plan.steps[step]?.type === "analysis") return judgement;
  const stage = plan.steps.slice(0, step);
  const begin = stage.findLastIndex(({ type }) => type === "weight");
  const hasAnalysis = stage.slice(begin + 1).some(({ type }) => type === "analysis");
  const reason = hasAnalysis ? "the analysis of this share has passed" : "this share has no analysis";
  return { ...judgement, verdict: "advance", reason };
}

/**
 * Make the transitions that are due by themselves: the end of a pause, and what the judge decides. Time alone never ends
 * an analysis.
 *
 * @param rollout The rollout
 * @param now Current time in milliseconds since the epoch
 * @returns The rollout after it; the same object if nothing is due
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyRequest, IDLE_ROLLOUT, parseRolloutPlan, settleRollout } from "@civitai-dl/civitai-dl/rollout";
 *
 * const steps = "[{ setWeight: 10 }, { analysis: {} }, { setWeight: 100 }]";
 * const text = `{ version: 1, name: a, from: old, to: new, steps: ${steps} }`;
 * const { rollout } = applyRequest(IDLE_ROLLOUT, { type: "start", plan: parseRolloutPlan(text) }, { now: 0 });
 * // Time alone does not end an analysis.
 * assertEquals(settleRollout(rollout, 1e12), rollout);
 * ```
 */
export function settleRollout(rollout: RolloutRecord, now: number): RolloutRecord {
  let settled = rollout;
  for (;;) {
    const next = settleOnce(settled, now);
    if (next === settled) return settled;
    settled = next;
  }
}

function settleOnce(rollout: RolloutRecord, now: number): RolloutRecord {
  const { state, plan, step, arms } = rollout;
  if (plan === null || (state !== "running" && state !== "paused")) return rollout;
  // A clock that was set back restarts the step: its start would otherwise lie in the future.
  if (now < rollout.stepEnteredAt) return { ...rollout, stepEnteredAt: now };
  const { rules } = plan;
  const failure = findAbortReason(arms, rules);
  if (failure !== null) return abort(rollout, failure, now);
  const current = plan.steps[step];
  if (state === "paused" || current === undefined) return rollout;
  if (current.type === "pause") {
    if (current.durationMs === null || now - rollout.stepEnteredAt < current.durationMs) return rollout;
    return advance(rollout, { by: "clock", reason: `the pause of ${formatDuration(current.durationMs)} is over`, now });
  }
  const judgement = judgeStage(arms, rules);
  if (judgement.verdict === "hold") return rollout;
  if (judgement.verdict === "abort") return abort(rollout, judgement.reason, now);
  return advance(rollout, { by: "judge", reason: judgement.reason, now });
}

/** Go on to the next step. */
export function advance(
  rollout: RolloutRecord,
  why: {
    readonly by: "judge" | "clock" | "person";
    readonly reason: string;
    readonly override?: string | undefined;
    readonly now: number;
  },
): RolloutRecord {
  const to = enterStep(rollout.plan!, { step: rollout.step + 1, weight: rollout.weight });
  return move(rollout, { ...why, action: "advance", to });
}

function abort(rollout: RolloutRecord, reason: string, now: number): RolloutRecord {
  const to = { state: "degraded", weight: 0 } as const;
  const kept = move(rollout, { action: "abort", by: "judge", reason, to, now });
  // The figures that led to the abort stay visible.
  return { ...kept, arms: rollout.arms };
}

/**
 * Count downloads and comparisons of the speed, and make the transitions that follow. They are counted one by one, so
 * that the sequential tests are evaluated after each. Those of another attempt are ignored.
 *
 * @param rollout The rollout
 * @param outcomes Downloads and comparisons in the order in which they ended
 * @param now Current time in milliseconds since the epoch
 * @returns The rollout after it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyRequest, IDLE_ROLLOUT, parseRolloutPlan, recordOutcomes } from "@civitai-dl/civitai-dl/rollout";
 *
 * const steps = "[{ setWeight: 10 }, { analysis: {} }, { setWeight: 100 }]";
 * const text = `{ version: 1, name: a, from: old, to: new, steps: ${steps} }`;
 * const { rollout } = applyRequest(IDLE_ROLLOUT, { type: "start", plan: parseRolloutPlan(text) }, { now: 0 });
 * const failed = { attempt: rollout.attempt, arm: "canary", outcome: { type: "error" } } as const;
 * assertEquals(recordOutcomes(rollout, [failed, failed, failed], 1000).state, "degraded");
 * ```
 */
export function recordOutcomes(
  rollout: RolloutRecord,
  outcomes: readonly (RolloutOutcome | RolloutSpeed)[],
  now: number,
): RolloutRecord {
  let counted = rollout;
  for (const outcome of outcomes) {
    const { state, plan } = counted;
    if (plan === null || (state !== "running" && state !== "paused")) break;
    if (outcome.attempt !== counted.attempt) continue;
    const { rules } = plan;
    const arms = addToArms(counted.arms, outcome, rules);
    counted = { ...counted, arms };
    const failure = findAbortReason(arms, rules);
    if (failure !== null) counted = abort(counted, failure, now);
  }
  return settleRollout(counted, now);
}

function addToArms(arms: StageArms, outcome: RolloutOutcome | RolloutSpeed, { maxDrop }: JudgeRules): StageArms {
  if ("ratio" in outcome) return { ...arms, speed: addSpeed(arms.speed, outcome.ratio, maxDrop) };
  const { arm } = outcome;
  return arm === "rest" ? arms : { ...arms, [arm]: addOutcome(arms[arm], outcome.outcome) };
}
