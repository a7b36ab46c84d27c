/**
 * Canary releases: which keys get something new, whether it is as good as what it replaces, and the state that leads
 * from a small share to all. It serves the engine of a library, and knows nothing of it.
 *
 * @module
 */
export { type Arm, armOf } from "./buckets/arm_of.ts";
export { bucketOf } from "./buckets/bucket_of.ts";
export { murmur3 } from "./buckets/murmur3.ts";
export { parsePercentage } from "./buckets/parse_percentage.ts";
export { parseRolloutPlan, type ParseRolloutPlanOptions } from "./config/parse_rollout_plan.ts";
export { rolloutJsonSchema } from "./config/rollout_json_schema.ts";
export type { RolloutPlan, RolloutStep } from "./config/rollout_plan.ts";
export { DEFAULT_RULES, type JudgeRules } from "./stage/judge_rules.ts";
export { addOutcome, type ArmOutcome, type ArmRecord, EMPTY_ARM } from "./stage/arm_record.ts";
export type { ArmFigures, Criterion, CriterionName, Judgement } from "./stage/judgement.ts";
export { addSpeed, EMPTY_SPEED, type SpeedRecord } from "./stage/speed_record.ts";
export { EMPTY_ARMS, judgeStage, type StageArms } from "./stage/judge_stage.ts";
export { applyRequest, type RequestResult, type RolloutRequest } from "./state/apply_request.ts";
export { explainRollout } from "./state/explain_rollout.ts";
export type { RolloutAction, RolloutEvent, RolloutState } from "./state/rollout_event.ts";
export { IDLE_ROLLOUT, type RolloutPlace, type RolloutRecord } from "./state/rollout_record.ts";
export type { RolloutStatus, RolloutStatusStep } from "./state/rollout_status.ts";
export { RolloutStore, type RolloutStoreOptions } from "./state/rollout_store.ts";
export { recordOutcomes, type RolloutOutcome, type RolloutSpeed, settleRollout } from "./state/settle_rollout.ts";
