/**
 * Branches and releases of the project: `strategy/` what the branch strategy allows, and which steps lead there; `stages/`
 * the steps of a release; `notes/` what people read about it.
 *
 * @module
 */
export { type Change, type ChangeFile, CHANGES_FOLDER, parseChanges } from "./notes/change_file.ts";
export { type ChangelogSection, findChangelogSection, parseChangelog } from "./notes/changelog.ts";
export { explainUnreleased } from "./notes/release_changelog.ts";
export { renderNotes } from "./notes/render_notes.ts";
export { checkAgreement, type VersionSources } from "./stages/check_agreement.ts";
export { listPushedReleases, type PushedRelease } from "./stages/list_pushed_releases.ts";
export { planPrepare, type PlanPrepareOptions } from "./stages/plan_prepare.ts";
export { planStage, type PlanStageOptions } from "./stages/plan_stage.ts";
export {
  type LineState,
  type LineStatus,
  readReleaseStatus,
  type ReleaseStatus,
  type ReleaseStatusOptions,
  type ReleaseStep,
} from "./stages/read_release_status.ts";
export type { ReleasePlan } from "./stages/release_plan.ts";
export {
  type BranchRelation,
  type ReleaseSurvey,
  type SurveyedBranch,
  type SurveyedTag,
  surveyReleases,
} from "./stages/survey_releases.ts";
export {
  branchOfKind,
  type BranchWords,
  findPhase,
  matchBranch,
  parseBranchName,
  parseReleaseNumber,
  phaseBranch,
  releaseBranches,
  type StrategyBranch,
} from "./strategy/branch_name.ts";
export { parseStrategy, strategyJsonSchema } from "./strategy/parse_strategy.ts";
export { type FinishOptions, planFinish } from "./strategy/plan_finish.ts";
export { type BranchPlan, planStart, type StartOptions } from "./strategy/plan_start.ts";
export {
  type BranchStatus,
  type NextStep,
  type PhaseState,
  type PhaseStatus,
  readStrategyStatus,
  type StrategyStatus,
  type StrategyStatusOptions,
} from "./strategy/read_strategy_status.ts";
export { describeUntracked, refuseUnsafeCheckout } from "./strategy/refuse_unsafe_checkout.ts";
export type { BranchKind, BranchRule, StageRule, Strategy, StrategyPhase, VersionLine } from "./strategy/strategy.ts";
export { releaseGateOf, type ReleaseGateOptions } from "./strategy/version_lines.ts";
