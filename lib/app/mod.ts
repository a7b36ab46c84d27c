/**
 * The local application: one server for the page, its API, metrics and health.
 *
 * @module
 */
export type { OpenPreview, OpenPreviewOptions, PlanKind, Preview } from "./plans/open_preview.ts";
export { type AddPlanOptions, PlanStore, type PlanStoreOptions } from "./plans/plan_store.ts";
