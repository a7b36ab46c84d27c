import type { ServerResponse } from "node:http";
import type { z } from "zod";

/** Methods that a route may have. `GET` also answers `HEAD`. */
export type RouteMethod = "GET" | "POST" | "PATCH" | "DELETE";

/** What a route is given: the parts of the request, checked by its schemas. */
export interface RouteInput<Query, Body> {
  /** Values of the placeholders of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The value of a header by its lower-case name; `null` if absent. */
  readonly header: (name: string) => string | null;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** An answer that is not JSON, or not 200. */
export interface RouteAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text, bytes, a stream of bytes, a function that takes the response over after its head, or `null` for no body. */
  readonly body:
    | string
    | Uint8Array<ArrayBuffer>
    | ReadableStream<Uint8Array<ArrayBuffer>>
    | ((response: ServerResponse) => void)
    | null;
}

/** A route of the API: what it takes, what it answers, and the function that does it. */
export interface Route<Query = unknown, Body = unknown> {
  readonly method: RouteMethod;
  /** Path with placeholders, such as `/api/v1/queue/{id}/pause`; `{name...}` takes the rest of the path. */
  readonly path: string;
  /** What it does, one line, for the OpenAPI document. */
  readonly summary: string;
  /** Schema of the query; without it, a query is ignored. Repeated names arrive as arrays. */
  readonly query?: z.ZodType<Query> | undefined;
  /** Schema of the JSON body of a method that writes; without it, only `{}` and nothing are accepted. */
  readonly body?: z.ZodType<Body> | undefined;
  /** Schema of the JSON that it answers, for the OpenAPI document; `null` if it does not answer JSON. */
  readonly answer: z.ZodType | null;
  /** Status of the JSON that it answers; 200 if absent. */
  readonly status?: 200 | 201 | 202 | undefined;
  /** The request that the documents show. */
  readonly example?: RouteExample | undefined;
  /**
   * Answer a request that the guard has admitted.
   *
   * @returns A value for `answer`, or, if `answer` is `null`, a {@linkcode RouteAnswer}
   * @throws {KitError} Becomes `application/problem+json`
   */
  readonly handle: (input: RouteInput<Query, Body>) => unknown;
}

/** A request for the documents; what is absent is left out or invented. */
export interface RouteExample {
  /** Values of the placeholders. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** The query, encoded, without the question mark. */
  readonly query?: string | undefined;
  /** The JSON body. */
  readonly body?: unknown;
}

/** Define a route, so that the types of its query and body follow from its schemas. */
export function defineRoute<Query, Body>(route: Route<Query, Body>): Route {
  return route as Route;
}

/** Whether a route changes something. */
export function isWrite({ method }: Pick<Route, "method">): boolean {
  return method !== "GET";
}
