/**
 * The local application: one server for the page, its API, metrics and health.
 *
 * @module
 */
export { AppAudience } from "./app_audience.ts";
export { placeholdersOf, schemaOf } from "./api/open_api.ts";
export { describedRoutes } from "./api/routes.ts";
export type { EventState } from "./http/event_hub.ts";
export { isWrite, type Route } from "./http/route.ts";
export { type AppServer, serveApp, type ServeAppOptions } from "./serve_app.ts";
