/**
 * Branches, versions and releases of the project: what the branch strategy allows, and which steps lead there.
 *
 * @module
 */
export {
  compareReleaseVersions,
  parseReleaseVersion,
  type ReleaseStage,
  type ReleaseVersion,
  tryParseReleaseVersion,
} from "./versions/release_version.ts";
export {
  branchOfKind,
  type BranchWords,
  fillPattern,
  findPhase,
  matchBranch,
  parseBranchName,
  parseReleaseNumber,
  phaseBranch,
  type StrategyBranch,
} from "./strategy/branch_name.ts";
export { parseStrategy, strategyJsonSchema } from "./strategy/parse_strategy.ts";
export { type FinishOptions, planFinish } from "./strategy/plan_finish.ts";
export { type BranchPlan, planStart, type StartOptions, tagsOfPhase } from "./strategy/plan_start.ts";
export { refuseUnsafeCheckout } from "./strategy/refuse_unsafe_checkout.ts";
export {
  type BranchPosition,
  positionOfBranch,
  settleBase,
  settleTopic,
  type TopicTip,
} from "./strategy/settle_branch.ts";
export type { BranchKind, BranchRule, Strategy, StrategyPhase } from "./strategy/strategy.ts";
export {
  type BranchStatus,
  type NextStep,
  type PhaseState,
  type PhaseStatus,
  readStrategyStatus,
  type StrategyStatus,
  type StrategyStatusOptions,
} from "./strategy/read_strategy_status.ts";
