import { findPageFile } from "./find_page_file.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { notFound } from "../http/route_error.ts";

/** Routes of the files of the page; they are no part of the API. */
export function pageRoutes(): readonly Route[] {
  return ["/", "/page/{name}"].map((path) =>
    defineRoute({
      method: "GET",
      path,
      summary: "The page",
      answer: null,
      handle({ params: { name } }) {
        const file = findPageFile(name ?? "index.html");
        if (file === null) throw notFound("Cannot find this file of the page");
        return { status: 200, headers: { "content-type": file.type }, body: file.body };
      },
    })
  );
}
