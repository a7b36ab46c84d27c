import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { KitError } from "../../../lib/base/mod.ts";
import type { RouteServer, ServeRoutesOptions } from "../../../lib/app/http/app_server.ts";
import { defineRoute, type Route } from "../../../lib/app/http/route.ts";
import { notFound } from "../../../lib/app/http/route_error.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { askRaw, statusOf } from "./_ask_raw.ts";

/** A route that takes a body, one that takes none, and one that fails in each way. */
function sampleRoutes(noted: unknown[] = []): readonly Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/things",
      summary: "Make a thing",
      body: z.strictObject({ name: z.string(), sizes: z.array(z.number()).optional() }),
      answer: z.strictObject({ id: z.number(), name: z.string() }),
      status: 201,
      handle({ body, header }) {
        noted.push([body.name, header("idempotency-key")]);
        return { id: 1, name: body.name };
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/things/{id}",
      summary: "Remove a thing",
      answer: null,
      handle({ params }) {
        if (params["id"] !== "1") throw notFound(`Cannot find thing ${params["id"]}`);
        return { status: 204, body: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/things/{id}/break",
      summary: "Break a thing",
      answer: z.null(),
      handle({ params }) {
        if (params["id"] === "bug") throw new Error("own-path /srv/secret");
        throw new KitError(params["id"] as "unsafe", "Cannot break it: token=s3cret", { hint: "Wait" });
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/things",
      summary: "All things",
      query: z.strictObject({ tag: z.union([z.string(), z.array(z.string())]).optional() }),
      answer: z.unknown(),
      handle: ({ query }) => query,
    }),
    defineRoute({
      method: "GET",
      path: "/files/{path...}",
      summary: "A file",
      answer: null,
      handle: ({ params }) => ({ status: 200, headers: { "cache-control": "public" }, body: params["path"]! }),
    }),
  ];
}

async function startRoutes(options: Partial<ServeRoutesOptions> = {}): Promise<RouteServer> {
  return await serveRoutes({ listen: "127.0.0.1:0", routes: sampleRoutes(), ...options });
}

/** Send JSON, and return the status and the JSON of the answer. */
async function send(
  server: RouteServer,
  path: string,
  { method = "POST", body = "{}", headers = {} }: {
    readonly method?: string;
    readonly body?: BodyInit | null;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ readonly status: number; readonly answer: Readonly<Record<string, unknown>> | null }> {
  const response = await fetch(new URL(path, server.url), {
    method,
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  const text = await response.text();
  return { status: response.status, answer: text === "" ? null : JSON.parse(text) };
}

Deno.test("serveRoutes() hands a checked body to its route, and answers with the route's status", async () => {
  const noted: unknown[] = [];
  await using server = await startRoutes({ routes: sampleRoutes(noted) });
  const made = await send(server, "api/v1/things", {
    body: JSON.stringify({ name: "ü" }),
    headers: { "idempotency-key": "k1", origin: server.url.slice(0, -1), "sec-fetch-site": "same-origin" },
  });
  assertEquals(made, { status: 201, answer: { id: 1, name: "ü" } });
  assertEquals(noted, [["ü", "k1"]]);
  assertEquals(await send(server, "api/v1/things/1", { method: "DELETE", body: null }), { status: 204, answer: null });
});

Deno.test("serveRoutes() refuses bodies that are not what the route takes, and says where they are wrong", async () => {
  const noted: unknown[] = [];
  await using server = await startRoutes({ routes: sampleRoutes(noted) });
  const bodies = {
    "": "Cannot use the request: name: ",
    "{": "Cannot read the request: it is not JSON",
    "[]": "Cannot use the request: ",
    '{"name":1}': "Cannot use the request: name: ",
    '{"name":"a","sizes":[1,"2"]}': "Cannot use the request: sizes.1: ",
    '{"name":"a","other":1}': 'Cannot use the request: Unrecognized key: "other"',
    '{"__proto__":{"name":"a"}}': "Cannot use the request: ",
  };
  for (const [body, detail] of Object.entries(bodies)) {
    const { status, answer } = await send(server, "api/v1/things", { body });
    assertEquals([body, status, answer?.["code"]], [body, 400, "usage"]);
    assert(String(answer?.["detail"]).startsWith(detail), `${answer?.["detail"]} for ${body}`);
  }
  const notText = await send(server, "api/v1/things", { body: new Uint8Array([0x22, 0xff, 0x22]) });
  assertEquals([notText.status, notText.answer?.["detail"]], [400, "Cannot read the request: it is not UTF-8"]);
  const tooMuch = await send(server, "api/v1/things/1", { method: "DELETE", body: '{"force":true}' });
  assertEquals([tooMuch.status, tooMuch.answer?.["detail"]], [400, "Cannot use the request: its body must be {}"]);
  assertEquals(noted, []);
});

Deno.test("serveRoutes() refuses bodies that are not declared as JSON, as forms of other sites are not", async () => {
  const noted: unknown[] = [];
  await using server = await startRoutes({ routes: sampleRoutes(noted) });
  const types = [
    ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx"],
    ...["text/plain; application/json", ""],
  ];
  for (const type of types) {
    const { status } = await send(server, "api/v1/things", {
      body: JSON.stringify({ name: "a" }),
      headers: { "content-type": type },
    });
    assertEquals([type, status], [type, 415]);
  }
  for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
    const { status } = await send(server, "api/v1/things", {
      body: JSON.stringify({ name: "a" }),
      headers: { "content-type": type },
    });
    assertEquals([type, status], [type, 201]);
  }
  assertEquals(noted.length, 2);
});

Deno.test("serveRoutes() refuses bodies above 1 MiB, declared or not", async () => {
  await using server = await startRoutes();
  const body = JSON.stringify({ name: "x".repeat(1 << 20) });
  assertEquals((await send(server, "api/v1/things", { body })).status, 413);
  const stream = ReadableStream.from([new TextEncoder().encode(body)]);
  assertEquals((await send(server, "api/v1/things", { body: stream })).status, 413);
  const fitting = JSON.stringify({ name: "x".repeat((1 << 20) - 100) });
  assertEquals((await send(server, "api/v1/things", { body: fitting })).status, 201);
});

Deno.test("serveRoutes() ends requests whose body never comes", async () => {
  const clock = new EventClock();
  await using server = await startRoutes({ clock });
  const { port } = server;
  const head = [
    ...["POST /api/v1/things HTTP/1.1", `Host: 127.0.0.1:${port}`, "Content-Type: application/json"],
    ...["Content-Length: 100", "", '{"name":'],
  ].join("\r\n");
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(head));
  const text = new Response(connection.readable).text();
  while (clock.sleeping === 0) await settle();
  await clock.run(20_000);
  assertEquals(statusOf(await text), 408);
});

Deno.test("serveRoutes() refuses all that writes with isReadOnly, and still reads", async () => {
  const noted: unknown[] = [];
  await using server = await startRoutes({ routes: sampleRoutes(noted), isReadOnly: true });
  const { status, answer } = await send(server, "api/v1/things", { body: JSON.stringify({ name: "a" }) });
  assertEquals([status, answer?.["code"]], [403, "read-only"]);
  assertEquals((await fetch(new URL("api/v1/things?tag=a", server.url)).then((found) => found.json())).tag, "a");
  assertEquals(noted, []);
});

Deno.test("serveRoutes() tells problems by their code, without secrets and without internal errors", async () => {
  const errors: unknown[] = [];
  await using server = await startRoutes({ onError: (error) => errors.push(error) });
  const statuses = {
    usage: 400,
    unsafe: 409,
    auth: 424,
    failed: 500,
    integrity: 500,
    network: 502,
    inconclusive: 503,
  };
  for (const [code, status] of Object.entries(statuses)) {
    const told = await send(server, `api/v1/things/${code}/break`);
    assertEquals([told.status, told.answer?.["status"], told.answer?.["code"]], [status, status, code]);
    assertEquals([told.answer?.["detail"], told.answer?.["hint"]], ["Cannot break it: token=[redacted]", "Wait"]);
  }
  assertEquals(errors, []);
  const bug = await send(server, "api/v1/things/bug/break");
  assertEquals(bug, {
    status: 500,
    answer: {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "Cannot answer the request: an internal error",
      code: "failed",
      hint: null,
    },
  });
  assertEquals(errors.length, 1);
  const absent = await send(server, "api/v1/things/7", { method: "DELETE" });
  assertEquals([absent.status, absent.answer?.["code"]], [404, "not-found"]);
});

Deno.test("serveRoutes() finds routes by method and path, decodes placeholders, and groups repeated names", async () => {
  await using server = await startRoutes();
  const text = async (path: string): Promise<string> => await (await fetch(server.url + path)).text();
  assertEquals(await text("files/a%2Fb%20c/%E3%81%82"), "a/b c/あ");
  assertEquals(JSON.parse(await text("api/v1/things?tag=a&tag=b")), { tag: ["a", "b"] });
  const unknown = await fetch(`${server.url}api/v1/things?other=1`);
  assertEquals([unknown.status, (await unknown.json()).code], [400, "usage"]);
  for (const path of ["api/v1/nothing", "files/", "files/%ff", "api/v1/things/"]) {
    const response = await fetch(server.url + path);
    const { code } = await response.json();
    assertEquals([path, response.status, code], [path, 404, "not-found"]);
    assertEquals(response.headers.get("content-type"), "application/problem+json");
  }
  const wrong = await fetch(`${server.url}api/v1/things`, { method: "OPTIONS" });
  await wrong.body?.cancel();
  assertEquals([wrong.status, wrong.headers.get("allow")], [405, "POST, GET, HEAD"]);
});

Deno.test("serveRoutes() answers a refused request whose body it did not read, and takes it for no other", async () => {
  await using server = await startRoutes();
  const smuggled = "GET /api/v1/things HTTP/1.1\nHost: x\n\n";
  const head = [
    ...["POST /api/v1/things HTTP/1.1", "Host: evil.example", "Content-Type: application/json"],
    `Content-Length: ${smuggled.length}`,
  ];
  const answer = await askRaw(server.port, `${head.join("\n")}\n\n${smuggled}`);
  assertEquals(statusOf(answer), 421);
  assertEquals(answer.split("HTTP/1.1 ").length, 2);
});
