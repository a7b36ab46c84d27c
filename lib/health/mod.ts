/**
 * Whether this installation and a library are healthy: checks as data, each with a pure function that judges what was
 * measured. Works without a network and with a corrupt state folder.
 *
 * @module
 */
export { type CatalogFacts, type DebugFacts, makeDebugDocuments, readCatalogFacts } from "./bundle/debug_documents.ts";
export {
  type DebugPlaces,
  type DebugPlan,
  type DebugSource,
  type LeftOut,
  planDebugInfo,
  type PlanDebugInfoOptions,
} from "./bundle/debug_source.ts";
export { findNames, findNamesIn } from "./bundle/find_names.ts";
export {
  type DebugContent,
  type DebugEntry,
  type DebugManifest,
  writeDebugInfo,
  type WriteDebugInfoOptions,
} from "./bundle/write_debug_info.ts";
export type { ApiProbe, ApiResponse } from "./api_probe.ts";
export type {
  HealthCheck,
  HealthConfig,
  HealthConfigProblem,
  HealthFigure,
  HealthFinding,
  HealthKey,
  HealthPlace,
  HealthRow,
  HealthStatus,
  HealthTouch,
  JapaneseWords,
} from "./health_check.ts";
export { examineSubject, type Subject, type SubjectPlace } from "./examine_subject.ts";
export { HEALTH_CHECKS } from "./health_checks.ts";
export { type InHealthPlace, UnattendedChecks, type UnattendedChecksOptions } from "./unattended_checks.ts";
export { type HealthReport, runHealthChecks, type RunHealthChecksOptions } from "./run_health_checks.ts";
