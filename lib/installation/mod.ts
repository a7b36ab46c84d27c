/**
 * The program as it is installed, and back to a version that is known to be good: `versions/` and their order; `install/`
 * versions side by side, and the pointer to one; `production/` the test of an installed program; `rollback/` as an
 * operation of `git`.
 *
 * @module
 */
export { type BuildPatch, buildVersion, type BuildVersionOptions } from "./install/build_version.ts";
export { installFolder, type InstallFolderOptions } from "./install/install_folder.ts";
export type { InstallForm } from "./install/installed_version.ts";
export {
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
export type { ProductionFile, ProductionPlace, StartPlace } from "./production/production_place.ts";
export { type ProductionTest, type ProductionText, readProductionTests } from "./production/production_test.ts";
export { readProductionReports } from "./production/read_production_reports.ts";
export {
  type ProductionArtifact,
  type ProductionClaim,
  type ProductionReport,
  type ProductionTestOptions,
  runProductionTest,
  type TestedArtifact,
} from "./production/run_production_test.ts";
export { chooseInstalled, defaultMode } from "./rollback/choose_installed.ts";
export type { EmergencyPatch } from "./rollback/emergency_patch.ts";
export {
  type CheckLibraryOptions,
  type PreparedRollback,
  prepareRollback,
  type PrepareRollbackOptions,
} from "./rollback/prepare_rollback.ts";
export {
  chooseTarget,
  type ChooseTargetOptions,
  type DefaultTarget,
  describeProduction,
  findDefaultTarget,
  NO_VERSION_TAGS,
  type RollbackCandidate,
} from "./rollback/rollback_candidate.ts";
export {
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
export { findForward, readStanding, type RollbackStanding } from "./rollback/rollback_standing.ts";
export { type SettledRollback, settleRollback, type SettleRollbackOptions } from "./rollback/settle_rollback.ts";
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
export { readReleaseFacts, type ReleaseFacts, type ReleaseFactsOptions } from "./rollback/read_release_facts.ts";
export type { RunVersion, VersionCheck } from "./rollback/verify_version.ts";
export { distTagOf } from "./versions/dist_tag.ts";
export { listVersionTags, newestStable, type VersionTag } from "./versions/list_version_tags.ts";
export {
  compareReleaseVersions,
  parseReleaseVersion,
  type ReleaseVersion,
  tryParseReleaseVersion,
} from "./versions/release_version.ts";
export {
  DEFAULT_TAG_FORMS,
  fillTagForm,
  type ReleaseStage,
  type TagForms,
  TAGGED_STAGES,
  type TaggedStage,
} from "./versions/tag_forms.ts";
export {
  CONFIG_PATH,
  differsInVersionOnly,
  MANUAL_PATH,
  readConfigVersion,
  readManualVersion,
  setConfigVersion,
  setManualVersion,
} from "./versions/version_files.ts";
