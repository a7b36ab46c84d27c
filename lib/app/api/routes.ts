import { z } from "zod";
import { defineRoute, type Route } from "../http/route.ts";
import type { PlanStore } from "../plans/plan_store.ts";
import { aboutRoutes } from "./about_routes.ts";
import { describeRoutes, type JsonObject } from "./open_api.ts";
import { planRoutes } from "./plan_routes.ts";
import { queueRoutes, type QueueRoutesOptions } from "./queue_routes.ts";
import type { About } from "./shapes/about.ts";
import { statusRoutes, type StatusRoutesOptions } from "./status_routes.ts";

/** What the routes of each noun need. */
export interface ApiParts {
  readonly about: About;
  readonly status: StatusRoutesOptions;
  /** Without it, nothing can be planned. */
  readonly plans?: PlanStore | undefined;
  /** Without it, there is no queue. */
  readonly queue?: QueueRoutesOptions | undefined;
}

/** All routes of the API, with the document that describes them. */
export function apiRoutes({ about, status, plans, queue }: ApiParts): readonly Route[] {
  return withDocument([
    ...aboutRoutes(about),
    ...statusRoutes(status),
    ...plans === undefined ? [] : planRoutes(plans),
    ...queue === undefined ? [] : queueRoutes(queue),
    // Those of library and pictures follow here.
  ]);
}

/** All routes of the API for a description: none of them can answer. */
export function describedRoutes(): readonly Route[] {
  return apiRoutes(ABSENT as ApiParts);
}

/** Stands for every part that is not there: it has all fields, and none can be used. */
const ABSENT: unknown = new Proxy(() => {}, {
  get: () => ABSENT,
  apply() {
    throw new TypeError("Cannot use a route that is only described");
  },
});

/** Add the document that describes some routes, and itself. */
function withDocument(described: readonly Route[]): readonly Route[] {
  let document: JsonObject | undefined;
  const routes: readonly Route[] = [
    ...described,
    defineRoute({
      method: "GET",
      path: "/api/v1/openapi.json",
      summary: "This API as an OpenAPI document",
      answer: z.looseObject({ openapi: z.literal("3.1.0") }),
      handle: () => document ??= describeRoutes(routes),
    }),
  ];
  return routes;
}
