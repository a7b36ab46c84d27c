import { defineRoute, type Route } from "../http/route.ts";
import type { ViewIndex } from "../view/view_index.ts";
import {
  cardsQuerySchema,
  cardsSchema,
  libraryAnswerSchema,
  type LibraryQuery,
  libraryQuerySchema,
} from "./shapes/library.ts";

/** Routes that find models in the library. */
export function libraryRoutes(view: Pick<ViewIndex, "query" | "cards">): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/library",
      summary: "The models of the library that match, in order, with counts for each filter",
      query: libraryQuerySchema,
      answer: libraryAnswerSchema,
      handle: ({ query }) => view.query(toViewQuery(query)),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/library/cards",
      summary: "Cards of models, in columns",
      query: cardsQuerySchema,
      answer: cardsSchema,
      handle: ({ query }) => view.cards(query.ids.split(",").map(Number)),
    }),
  ];
}

function toViewQuery(query: LibraryQuery): Parameters<ViewIndex["query"]>[0] {
  return {
    text: query.q ?? "",
    sort: query.sort,
    filters: {
      types: listOf(query.type),
      bases: listOf(query.base),
      creators: listOf(query.creator),
      tags: listOf(query.tag),
      maturity: listOf(query.maturity),
      states: listOf(query.state),
      roots: listOf(query.root),
    },
  };
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
