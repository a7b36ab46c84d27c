/**
 * Branches, versions and releases of the project: what the branch strategy allows, and which steps lead there. `notes/`
 * is what people read about a release.
 *
 * @module
 */
export { type Change, type ChangeFile, CHANGES_FOLDER, parseChanges, renderChanges } from "./notes/change_file.ts";
export { type ChangelogSection, findChangelogSection, isEmptySection, parseChangelog } from "./notes/changelog.ts";
export {
  dateChangelog,
  explainUnreleased,
  releaseChangelog,
  type ReleaseChangelogOptions,
} from "./notes/release_changelog.ts";
export { renderNotes } from "./notes/render_notes.ts";
export {
  compareReleaseVersions,
  parseReleaseVersion,
  type ReleaseVersion,
  tryParseReleaseVersion,
} from "./versions/release_version.ts";
export type { InstallForm } from "./install/installed_version.ts";
export type { RunVersion, TryDownload, VersionCheck } from "./rollback/verify_version.ts";
export { distTagOf } from "./versions/dist_tag.ts";
export { listVersionTags, newestStable, readLineage, type VersionTag } from "./versions/list_version_tags.ts";
export { DEFAULT_TAG_FORMS, type ReleaseStage, type TagForms, type TaggedStage } from "./versions/tag_forms.ts";
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
export { developBranch } from "./strategy/develop_branch.ts";
export { parseStrategy, strategyJsonSchema } from "./strategy/parse_strategy.ts";
export { type FinishOptions, planFinish } from "./strategy/plan_finish.ts";
export { type BranchPlan, planStart, type StartOptions } from "./strategy/plan_start.ts";
export { describeUntracked, refuseUnsafeCheckout } from "./strategy/refuse_unsafe_checkout.ts";
export type { BranchKind, BranchRule, StageRule, Strategy, StrategyPhase, VersionLine } from "./strategy/strategy.ts";
export { lineOf, releaseGateOf, type ReleaseGateOptions } from "./strategy/version_lines.ts";
export {
  type BranchStatus,
  type NextStep,
  type PhaseState,
  type PhaseStatus,
  readStrategyStatus,
  type StrategyStatus,
  type StrategyStatusOptions,
} from "./strategy/read_strategy_status.ts";
export { type BuildPatch, buildVersion, type BuildVersionOptions, versionName } from "./install/build_version.ts";
export { installFolder, type InstallFolderOptions } from "./install/install_folder.ts";
export {
  BUNDLE_NAME,
  formatRecord,
  type InstalledVersion,
  programOf,
  recordedFileOf,
  recordPathOf,
  versionFolder,
} from "./install/installed_version.ts";
export { findInstalled, type InstalledVersions, readInstallation } from "./install/read_installation.ts";
export { removeVersion } from "./install/remove_version.ts";
export { lastLines, type ProgramOutput, runProgram, type RunProgramOptions } from "./install/run_program.ts";
export { type SwitchedVersion, switchVersion, type SwitchVersionOptions } from "./install/switch_version.ts";
export type { ProductionTest, ProductionText } from "./production/production_test.ts";
export type { ProductionFile, ProductionPlace, StartPlace } from "./production/production_place.ts";
export {
  type ProductionArtifact,
  type ProductionClaim,
  type ProductionReport,
  type ProductionTestOptions,
  runProductionTest,
  type TestedArtifact,
} from "./production/run_production_test.ts";
export { readProductionReports } from "./production/read_production_reports.ts";
export type { EmergencyPatch } from "./rollback/emergency_patch.ts";
export { listCandidates, type ListCandidatesOptions } from "./rollback/list_candidates.ts";
export {
  chooseTarget,
  type ChooseTargetOptions,
  describeProduction,
  NO_VERSION_TAGS,
  type RollbackCandidate,
  stableBefore,
} from "./rollback/rollback_candidate.ts";
export {
  findLastRollback,
  type InstallFacts,
  type InstallRequest,
  openRollbackStore,
  readRollback,
  type RecordedRollback,
  type RollbackFacts,
  type RollbackMode,
  type RollbackRequest,
  type WorktreeFacts,
  type WorktreeRequest,
} from "./rollback/rollback_record.ts";
export {
  type CheckLibraryOptions,
  type PreparedRollback,
  prepareRollback,
  type PrepareRollbackOptions,
} from "./rollback/prepare_rollback.ts";
export {
  continueRollback,
  type FinishedRollback,
  placeOf,
  runRollback,
  type RunRollbackOptions,
  type UndoneRollback,
  undoRollback,
  type UndoRollbackOptions,
} from "./rollback/run_rollback.ts";
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
export { CONFIG_PATH, differsInVersionOnly, readConfigVersion } from "./stages/version_files.ts";
export {
  type BranchRelation,
  type ReleaseSurvey,
  type SurveyedBranch,
  type SurveyedTag,
  surveyReleases,
} from "./stages/survey_releases.ts";
