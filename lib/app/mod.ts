/**
 * The local application: one server for the page, its API, metrics and health.
 *
 * @module
 */
export type { OpenPreview, OpenPreviewOptions, PlanKind, Preview } from "./plans/open_preview.ts";
export { type AddPlanOptions, PlanStore, type PlanStoreOptions } from "./plans/plan_store.ts";
export { AppAudience } from "./app_audience.ts";
export { placeholdersOf, schemaOf } from "./api/open_api.ts";
export { describedRoutes, type LibraryParts } from "./api/routes.ts";
export { readQueue, readQueueProgress, type SettleChoice } from "./api/queue_routes.ts";
export type { EventState } from "./http/event_hub.ts";
export { isWrite, type Route } from "./http/route.ts";
export { openPictures } from "./pictures/open_pictures.ts";
export { ViewIndex } from "./view/view_index.ts";
export { choiceOf, type QueuedChoice } from "./queue/queued_choice.ts";
export { parseQueueTargets, titleOf, toQueueTargets } from "./queue/queue_targets.ts";
export { QueueRunner, type QueueRunnerOptions } from "./queue/queue_runner.ts";
export { type EntryEnd, type EntryRun, QueueWorker, type RunEntry, type WorkedOff } from "./queue/queue_worker.ts";
export { SharedQueue } from "./queue/shared_queue.ts";
export { type AppServer, serveApp, type ServeAppOptions } from "./serve_app.ts";
