import { assert, assertEquals } from "@std/assert";
import type { Route } from "../../lib/app/mod.ts";
import { startServer } from "../helpers/servers/status_server.ts";
import { askRaw, statusOf } from "./http/_ask_raw.ts";

const TOKEN = "0123456789abcdef";

/** The request line and the body of a request to a route; its headers come between. */
function requestOf({ method, path }: Route): { readonly line: string; readonly body: string } {
  const place = path.replaceAll(/\{\w+(?:\.\.\.)?\}/g, "1");
  return { line: `${method} ${place} HTTP/1.1`, body: method === "GET" ? "" : "{}" };
}

/** Ask a route over a connection of its own; only the head of the answer is read. */
async function ask(
  route: Route,
  { port, host = `127.0.0.1:${port}`, headers = [] }: {
    readonly port: number;
    readonly host?: string;
    readonly headers?: readonly string[];
  },
): Promise<number> {
  const { line, body } = requestOf(route);
  const json = body === "" ? [] : ["Content-Type: application/json", `Content-Length: ${body.length}`];
  const head = [line, `Host: ${host}`, ...json, ...headers, "Connection: close"].join("\n");
  return statusOf(await askRaw(port, `${head}\n\n${body}`));
}

Deno.test("every route is refused without the token, wherever it listens", async () => {
  await using test = await startServer({ token: TOKEN });
  const { routes, port } = test.server;
  assert(routes.length > 6, `${routes.length} routes`);
  for (const route of routes) {
    const wrong = await ask(route, { port, headers: [`Authorization: Bearer ${TOKEN}x`] });
    assertEquals([route.path, await ask(route, { port }), wrong], [route.path, 401, 401]);
  }
});

Deno.test("every route is refused with the host of another server", async () => {
  await using test = await startServer();
  const { routes, port } = test.server;
  for (const route of routes) {
    for (const host of [`evil.example:${port}`, "evil.example", "127.0.0.1:1"]) {
      assertEquals([route.path, host, await ask(route, { port, host })], [route.path, host, 421]);
    }
  }
});

Deno.test("every route is refused to scripts, frames and forms of another site", async () => {
  await using test = await startServer();
  const { routes, port } = test.server;
  const others = [
    ["Origin: https://evil.example"],
    ["Origin: null"],
    [`Origin: http://127.0.0.1:${port + 1}`],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: empty"],
    ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
  ];
  for (const route of routes) {
    for (const headers of others) {
      assertEquals([route.path, headers, await ask(route, { port, headers })], [route.path, headers, 403]);
    }
  }
});

Deno.test("every route that writes is refused to a visit from another site, and with --read-only", async () => {
  await using test = await startServer({ isReadOnly: true });
  const { routes, port } = test.server;
  const visit = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
  for (const route of routes) {
    if (route.method === "GET") continue;
    assertEquals([route.path, await ask(route, { port, headers: visit })], [route.path, 403]);
    assertEquals([route.path, await ask(route, { port })], [route.path, 403]);
  }
});

Deno.test("every path answers other methods with what it allows", async () => {
  await using test = await startServer();
  const { routes, url } = test.server;
  for (const { path } of routes) {
    const place = path.replaceAll(/\{\w+(?:\.\.\.)?\}/g, "1");
    const response = await fetch(new URL(place, url), { method: "PUT" });
    const { status, code } = await response.json();
    assertEquals([path, response.status, status, code], [path, 405, 405, "usage"]);
    const methods = new Set(routes.filter((one) => one.path === path).map(({ method }) => method));
    const allowed = new Set(response.headers.get("allow")!.split(", "));
    assert(methods.isSubsetOf(allowed), `${path} allows ${[...allowed]}`);
  }
});
