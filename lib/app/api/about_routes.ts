import { defineRoute, type Route } from "../http/route.ts";
import { type About, aboutSchema } from "./shapes/about.ts";

/** Routes that say what the server is. */
export function aboutRoutes(about: About): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/about",
      summary: "What the server is: version, library, what it allows",
      answer: aboutSchema,
      handle: () => about,
    }),
  ];
}
