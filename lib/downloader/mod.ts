/**
 * Plan what to fetch, and fetch it. This is the only module that combines civitai, transfer, library, failsafe and
 * metrics.
 *
 * @module
 */
export { type DayLimits, parseDayLimits } from "../base/mod.ts";
export { ActiveSnapshot } from "./watch/active_snapshot.ts";
export { type Choice, DEFAULT_CHOICE, FILTER_FLAGS } from "./choice.ts";
export type { RepeatedChoice } from "./choice_memory.ts";
export {
  FILE_WORDS,
  type FileWord,
  type LevelName,
  MATURITY_LEVELS,
  MODEL_TYPES,
  type ModelType,
} from "./choice_words.ts";
export { chooseFiles } from "./plan/choose/choose_files.ts";
export { chooseFileByHash, chooseFileByQuery, type NamedHash } from "./plan/choose/choose_named_file.ts";
export { chooseVersions, type ChooseVersionsOptions } from "./plan/choose/choose_versions.ts";
export type { OutcomeCounts } from "./fetch/count_outcomes.ts";
export { type DayNeed, DayQuota, type DayQuotaOptions } from "./quota/day_quota.ts";
export { DayQuotaError } from "./quota/day_quota_error.ts";
export { download, type DownloadOptions, type DownloadResult, type SizedPlan } from "./download.ts";
export type { DownloadEvent, EventItem, ItemOutcome, ListingCompleteness } from "./download_event.ts";
export { HostAdmission } from "./fetch/limits/host_admission.ts";
export type { RunFailsafe } from "./fetch/limits/run_failsafe.ts";
export { RunMode } from "./fetch/limits/run_mode.ts";
export { defineDownloadMetrics, type DownloadInstruments } from "./watch/download_instruments.ts";
export { DownloadMeter } from "./watch/download_meter.ts";
export { type EventLog, type EventLogOptions, openEventLog } from "./watch/event_log.ts";
export { ProgressWatch, type ProgressWatchOptions, type SilenceReading } from "./watch/progress_watch.ts";
export { explainNothing, type ExplainNothingOptions } from "./plan/report/explain_nothing.ts";
export type { Pace } from "./plan/requests/expected_requests.ts";
export type { ExpectedRequests } from "./plan/requests/expected_requests.ts";
export { type FailedList, type FailedTargets, isFailedList, writeFailedList } from "./result/failed_list.ts";
export { countUnfinished, type UnfinishedCount } from "./result/count_unfinished.ts";
export { findEarlyStop, type JudgedDownload, judgeDownload } from "./result/judge_download.ts";
export { BROKEN_VERDICTS, isCatalogLost, judgeVerify, type VerifyResult } from "./result/judge_verify.ts";
export {
  type DownloadFacts,
  noteDownload,
  noteRebuild,
  noteRepair,
  noteVerify,
  type RunNotes,
} from "./result/run_notes.ts";
export { type FailureHint, failureHints } from "./fetch/failure_hints.ts";
export type { FetchOptions } from "./settled_fetch.ts";
export type { DaySpeed } from "./hosts/usual_speed.ts";
export {
  findFlagReason,
  findRecordedFlag,
  flaggedPath,
  isFlaggedPath,
  recordFlag,
  unflaggedName,
} from "./flagged_files.ts";
export { describeRatio } from "./hosts/decide_slow.ts";
export { type Hosts, hostsFile, type Kinds } from "./hosts/host_memory.ts";
export { connectionPermits, createHostLimits, type CreateHostLimitsOptions } from "./fetch/limits/host_permits.ts";
export type { RefusedTarget } from "./plan/report/find_refused_targets.ts";
export { type AccessVerdict, judgeAccess } from "./plan/choose/judge_access.ts";
export { libraryModels } from "./library_models.ts";
export { type LibraryFilter, type LibraryListing, type LibraryRow, listLibrary } from "./list_library.ts";
export { type ListedRun, RunItems, type RunPart } from "./list_run.ts";
export {
  DISK_METRIC,
  DOWNLOAD_DERIVED,
  DOWNLOAD_METRICS,
  downloadMetric,
  LIBRARY_METRICS,
} from "./watch/metric_definitions.ts";
export { namingFacts, sidecarFacts } from "./naming_facts.ts";
export { type DayUse, readDayUse } from "./quota/read_day_use.ts";
export { openDayQuota, type OpenDayQuotaOptions, quotaFile } from "./quota/open_day_quota.ts";
export { type Engine, type EngineOptions, openEngine } from "./open_engine.ts";
export { type LibraryFailsafeOptions, openLibraryFailsafe } from "./open_library_failsafe.ts";
export { openLibraryRollout, type OpenLibraryRolloutOptions } from "./arms/open_library_rollout.ts";
export type { EngineDecision, EngineUse, RunRollout } from "./arms/run_rollout.ts";
export {
  type FetchedModels,
  fetchModels,
  type FetchModelsOptions,
  type FetchProblem,
  type FetchProgress,
} from "./fetch_models.ts";
export { findModel, type FoundModel, type FoundModels, type ModelMatch } from "./models/find_model.ts";
export {
  type DocumentFile,
  type DocumentPicture,
  type DocumentVersion,
  type ModelDocument,
  type ModelPermissions,
  newestFirst,
  readModelDocument,
} from "./models/model_document.ts";
export { type GalleryPicture, galleryPictures } from "./models/gallery_pictures.ts";
export type { NewerVersion } from "./models/find_superseded.ts";
export { firstImage, type ShowcaseImage } from "./models/showcase.ts";
export { findForgettable, type FindForgettableOptions, type Forgettable } from "./forget/find_forgettable.ts";
export { forget, type ForgetOptions, type ForgetSummary } from "./forget/forget.ts";
export {
  type ForgetPlan,
  type ForgetTargetPlan,
  nameForgotten,
  planForget,
  type PlanForgetOptions,
} from "./forget/plan_forget.ts";
export { LibraryWatch, type LibraryWatchOptions } from "./watch/library_watch.ts";
export { type Library, openLibrary, type OpenLibraryOptions } from "./open_library.ts";
export { checkLibraryFolder } from "./check_library_folder.ts";
export { PausedError } from "./fetch/limits/paused_error.ts";
export type { SettledPlanning } from "./plan/settled_planning.ts";
export type { PlanRetries, RetriedPlan } from "./plan/plan_retries.ts";
export { type PlanMemory, rememberPlan, settleCancelled } from "./plan/plan_memory.ts";
export { planPostedImages } from "./plan/plan_images.ts";
export { sayRemoved } from "./plan/removed_parts.ts";
export { readRemovals, type Removals } from "./plan/removal_notes.ts";
export { hasSidecars, planModel, type PlanModelOptions, type PlannedVersion } from "./plan/plan_model.ts";
export {
  type FlaggedFile,
  type ForgottenTarget,
  type NamedTarget,
  type PlanCounts,
  type PlanProblem,
  PlanReport,
  type PlanReportData,
  type RefusedVersion,
  type RemovedModel,
  type UnreadableData,
  type UnreadableItem,
} from "./plan/report/plan_report.ts";
export type { CreatorTarget, PlanTarget } from "./plan/plan_target.ts";
export { planTargets } from "./plan/plan_targets.ts";
export { type TargetIdentity, targetName, targetWord, wholeTarget } from "./plan/target_name.ts";
export { Progress, type ProgressSnapshot } from "./watch/progress.ts";
export { type Amount, type QuotaBucket, type QuotaState, QuotaWindow } from "./quota/quota_window.ts";
export {
  rebuildCatalog,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildSummary,
} from "./rebuild/rebuild_catalog.ts";
export type { RebuildClient } from "./rebuild/rebuild_client.ts";
export { startRebuild, type StartRebuildOptions } from "./rebuild/start_rebuild.ts";
export {
  describeRebuild,
  FINISH_REBUILD,
  type UnfinishedRebuild,
  unfinishedRebuild,
} from "./rebuild/unfinished_rebuild.ts";
export { recordFailsafe } from "./watch/record_failsafe.ts";
export { recordProcess, type RecordProcessOptions } from "./watch/record_process.ts";
export { type FailureScope, scopeOfFailure, type ServiceState } from "./plan/requests/scope_of_failure.ts";
export { repairLibrary, type RepairOptions, type RepairProgress, type RepairSummary } from "./repair/repair_library.ts";
export { openRun, type Run, type SettledRun } from "./run/open_run.ts";
export type { RunLogs } from "./run/run_watch.ts";
export { type CommandEnd, type NoteRun, recordRun, type RecordRunOptions } from "./run/record_run.ts";
export { routeOf } from "./hosts/route_of.ts";
export { runQueue, type RunQueueOptions } from "./fetch/run_queue.ts";
export { type FailedItem, judgeRun, type RunStop, type RunSummary } from "./fetch/run_summary.ts";
export { ServiceWatch } from "./plan/requests/service_watch.ts";
export { type LayoutChoice, rememberLayout, type SettledLayout, settleLayout } from "./settle_layout.ts";
export { targetOf } from "./fetch/target_of.ts";
export { Throttle, type ThrottleLimits, type ThrottleOptions } from "./fetch/limits/throttle.ts";
export { verifyLibrary, type VerifyOptions, type VerifyProgress } from "./verify/verify_library.ts";
export type {
  BadRange,
  FileVerdict,
  OwnFile,
  OwnFiles,
  PathList,
  Strays,
  VerifyProblem,
  VerifySummary,
} from "./verify/verify_summary.ts";
export { writeImagesMetadata } from "./sidecars/write_images_metadata.ts";
export { writeItemSidecars, type WriteItemSidecarsOptions } from "./sidecars/write_item_sidecars.ts";
