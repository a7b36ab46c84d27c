import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { describedRoutes, isWrite, placeholdersOf } from "../../lib/app/mod.ts";
import { describeRoutes } from "../../lib/app/api/open_api.ts";
import { aboutSchema } from "../../lib/app/api/shapes/about.ts";
import { defineRoute } from "../../lib/app/http/route.ts";
import { startServer } from "../helpers/servers/status_server.ts";

/** The parts of an OpenAPI document that the tests look at. */
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

Deno.test("GET /api/v1/openapi.json describes every route of the API, and what is refused", async () => {
  await using test = await startServer();
  const document: OpenApi = await (await fetch(`${test.url}/api/v1/openapi.json`)).json();
  assertEquals(document.openapi, "3.1.0");
  for (const { path, method, summary } of test.server.routes) {
    if (path === "/" || path.startsWith("/page/")) continue;
    const operation = document.paths[path.replaceAll("...}", "}")]?.[method.toLowerCase()];
    assertEquals(operation?.summary, summary, path);
    assert("default" in operation!.responses, path);
  }
});

Deno.test("the routes that are described are those that are served, and cannot answer", async () => {
  await using test = await startServer();
  const described = describedRoutes().map(({ method, path }) => `${method} ${path}`);
  const served = test.server.routes.map(({ method, path }) => `${method} ${path}`);
  assertEquals(described, served.filter((route) => !/ \/(?:page\/|$)/.test(route)));
  assertEquals(new Set(described).size, described.length);
  const [about] = describedRoutes();
  assertThrows(() => JSON.stringify(about!.handle({} as never)), TypeError);
});

Deno.test("every route says what it does on one line, and what it takes and answers", () => {
  for (const route of describedRoutes()) {
    const { path, summary, method, body } = route;
    assert(/^[A-Z0-9][^\n]*[^.\n]$/.test(summary), `${path}: ${summary}`);
    assert(body === undefined || isWrite(route), `${method} ${path}`);
    assert(/^\/[\w./{}-]+$/.test(path), path);
    assertEquals(new Set(placeholdersOf(route)).size, placeholdersOf(route).length, path);
  }
});

Deno.test("GET /api/v1/about answers what its schema says", async () => {
  await using test = await startServer({ hasScreen: true });
  const about = aboutSchema.parse(await (await fetch(`${test.url}/api/v1/about`)).json());
  assertEquals([about.library, about.readOnly, about.canOpenFolders], ["/srv/models", false, true]);
  await using other = await startServer({ hasScreen: true, listen: "0.0.0.0:0", token: "0123456789abcdef" });
  const headers = { authorization: "Bearer 0123456789abcdef" };
  const far = await fetch(`http://127.0.0.1:${other.server.port}/api/v1/about`, { headers });
  assertEquals((await far.json()).canOpenFolders, false);
});

Deno.test("describeRoutes() turns schemas into parameters, bodies and answers", () => {
  const route = defineRoute({
    method: "PATCH",
    path: "/api/v1/things/{id}/{rest...}",
    summary: "Change a thing",
    query: z.strictObject({ q: z.string(), tag: z.array(z.string()).optional() }),
    body: z.strictObject({ size: z.number().nullable() }),
    answer: z.strictObject({ id: z.number() }),
    status: 202,
    handle: () => ({ id: 1 }),
  });
  const { paths } = describeRoutes([route]) as unknown as OpenApi;
  const operation = paths["/api/v1/things/{id}/{rest}"]!["patch"]!;
  assertEquals(operation.parameters?.map((parameter) => [parameter.name, parameter.in, parameter.required]), [
    ["id", "path", true],
    ["rest", "path", true],
    ["q", "query", true],
    ["tag", "query", false],
  ]);
  assertEquals(operation.requestBody?.content["application/json"]?.schema, {
    type: "object",
    properties: { size: { type: ["number", "null"] } },
    required: ["size"],
    additionalProperties: false,
  });
  assertEquals(Object.keys(operation.responses), ["202", "default"]);
});
