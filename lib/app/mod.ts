/**
 * The local application: one server for the page, its API, metrics and health.
 *
 * @module
 */
export { AppAudience } from "./app_audience.ts";
export { placeholdersOf, schemaOf } from "./api/open_api.ts";
export { describedRoutes } from "./api/routes.ts";
export type { EventState } from "./http/event_hub.ts";
export { defineRoute, isWrite, type Route, type RouteAnswer, type RouteInput } from "./http/route.ts";
export { type AppServer, serveApp, type ServeAppOptions } from "./serve_app.ts";
export type { OpenPreview, OpenPreviewOptions, PlanKind, Preview } from "./plans/open_preview.ts";
export { type AddPlanOptions, PlanStore, type PlanStoreOptions } from "./plans/plan_store.ts";
