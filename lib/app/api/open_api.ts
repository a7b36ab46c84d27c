import { z } from "zod";
import { VERSION } from "../../base/mod.ts";
import { isWrite, type Route } from "../http/route.ts";

/** A JSON Schema, or a part of an OpenAPI document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The schema of every refusal and failure. */
const PROBLEM: JsonObject = {
  type: "object",
  properties: {
    type: { const: "about:blank" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What could not be done, and why" },
    code: {
      enum: [
        ...["usage", "forbidden", "read-only", "not-found", "unsafe", "auth", "failed", "integrity", "network"],
        ...["inconclusive", "interrupted"],
      ],
    },
    hint: { type: ["string", "null"], description: "What to do next" },
  },
  required: ["type", "title", "status", "detail", "code", "hint"],
};

/** Describe routes as an OpenAPI document. */
export function describeRoutes(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const operations = paths[openApiPath(route)] ??= {};
    operations[route.method.toLowerCase()] = describeRoute(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "civitai-dl", version: VERSION, license: { name: "MIT", identifier: "MIT" } },
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Needed only if the server was started with a token" },
      },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: "The request is refused, or has failed",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

/** The names of the placeholders of a route's path. */
export function placeholdersOf({ path }: Pick<Route, "path">): readonly string[] {
  return [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map(([, name]) => name!);
}

/** OpenAPI has no placeholder for the rest of a path. */
function openApiPath({ path }: Route): string {
  return path.replaceAll("...}", "}");
}

function describeRoute(route: Route): JsonObject {
  const parameters = [
    ...placeholdersOf(route).map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...describeQuery(route),
  ];
  const success = { description: route.summary, ...describeAnswer(route) };
  return {
    summary: route.summary,
    ...parameters.length === 0 ? {} : { parameters },
    ...isWrite(route) ? { requestBody: describeBody(route) } : {},
    responses: { [String(successOf(route))]: success, default: { $ref: "#/components/responses/Problem" } },
  };
}

/** The status of an answer without a problem. */
function successOf({ answer, status = 200, method }: Route): number {
  return answer === null && method !== "GET" ? 204 : status;
}

function describeAnswer({ answer }: Route): JsonObject {
  return answer === null ? {} : { content: { "application/json": { schema: schemaOf(answer, "output") } } };
}

function describeBody({ body }: Route): JsonObject {
  const schema = body === undefined ? { type: "object", additionalProperties: false } : schemaOf(body, "input");
  return { required: body !== undefined, content: { "application/json": { schema } } };
}

function describeQuery({ query }: Route): readonly JsonObject[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input") as {
    readonly properties?: Readonly<Record<string, JsonObject>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** Convert a schema of zod; what JSON Schema cannot say, such as a transformation, is left open. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
