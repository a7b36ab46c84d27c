import { z } from "zod";
import { defineRoute, type Route } from "../http/route.ts";
import type { PlanStore } from "../plans/plan_store.ts";
import { aboutRoutes } from "./about_routes.ts";
import { describeRoutes, type JsonObject } from "./open_api.ts";
import { planRoutes } from "./plan_routes.ts";
import type { Pictures } from "../pictures/open_pictures.ts";
import type { ViewIndex } from "../view/view_index.ts";
import { changeRoutes, type ChangeRoutesOptions } from "./change_routes.ts";
import { fileRoutes } from "./file_routes.ts";
import { libraryRoutes } from "./library_routes.ts";
import { modelRoutes, type ModelRoutesOptions } from "./model_routes.ts";
import { pictureRoutes } from "./picture_routes.ts";
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
  /** Without it, the library cannot be seen. */
  readonly library?: LibraryParts | undefined;
}

/** What the routes of models, pictures and files need. */
export interface LibraryParts extends Pick<ModelRoutesOptions, "root" | "openFolder">, ChangeRoutesOptions {
  readonly view: ViewIndex;
  readonly pictures: Pictures;
}

/** All routes of the API, with the document that describes them. */
export function apiRoutes({ about, status, plans, queue, library }: ApiParts): readonly Route[] {
  return withDocument([
    ...aboutRoutes(about),
    ...statusRoutes(status),
    ...plans === undefined ? [] : planRoutes(plans),
    ...queue === undefined ? [] : queueRoutes(queue, library?.view),
    ...library === undefined ? [] : [
      ...libraryRoutes(library.view),
      ...modelRoutes(library),
      ...changeRoutes(library),
      ...pictureRoutes(library.pictures),
      ...fileRoutes(library.pictures),
    ],
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
