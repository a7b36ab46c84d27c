import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../lib/base/mod.ts";
import { type FaultPlan, NO_FAULTS } from "../../../lib/sandbox/faults/fault_plan.ts";
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  textResponse,
} from "../../../lib/sandbox/http/http_message.ts";
import { HttpServer } from "../../../lib/sandbox/http/http_server.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

type Handle = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

const crashes: unknown[] = [];

function start(handle: Handle, clock = systemClock): Promise<HttpServer> {
  const onCrash = (error: unknown): void => void crashes.push(error);
  return HttpServer.start({ port: 0, clock, handle, onCrash, onConnection: () => {} });
}

/** Write raw bytes, and read until the server closes. */
async function raw(server: HttpServer, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(server.origin).port) });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

function broken(faults: Partial<FaultPlan>, size = 100_000): Handle {
  return () => ({ ...textResponse(200, "x".repeat(size), "text/plain"), faults: { ...NO_FAULTS, ...faults } });
}

Deno.test("HttpServer passes method, path, headers and body to the handler", async () => {
  await using server = await start((request) =>
    jsonResponse(200, {
      method: request.method,
      target: request.target,
      kind: request.headers.get("x-kind"),
      body: new TextDecoder().decode(request.body),
    })
  );
  const response = await fetch(`${server.origin}/a/b?c=d%20e`, {
    method: "POST",
    body: "hello",
    headers: { "X-Kind": "k" },
  });
  assertEquals(await response.json(), { method: "POST", target: "/a/b?c=d%20e", kind: "k", body: "hello" });
});

Deno.test("HttpServer reads bodies of unknown length and large ones", async () => {
  await using server = await start((request) => jsonResponse(200, request.body.length));
  const body = new Blob([new Uint8Array(70_000), new Uint8Array(5)]).stream();
  assertEquals(await (await fetch(server.origin, { method: "POST", body })).json(), 70_005);
  const large = new Uint8Array(3_000_000);
  assertEquals(await (await fetch(server.origin, { method: "POST", body: large })).json(), 3_000_000);
});

Deno.test("HttpServer answers several requests on a connection, even pipelined", async () => {
  await using server = await start((request) => textResponse(200, `[${request.target}]`, "text/plain"));
  const answer = await raw(server, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  assertEquals(answer.match(/\[\/\d\]/g), ["[/1]", "[/2]"]);
});

Deno.test("HttpServer sends only the head to HEAD", async () => {
  await using server = await start(() => textResponse(200, "12345", "text/plain"));
  const answer = await raw(server, "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  assertStringIncludes(answer, "Content-Length: 5\r\n");
  assertMatch(answer, /\r\n\r\n$/);
});

Deno.test("HttpServer answers Expect with 100 Continue", async () => {
  await using server = await start((request) => jsonResponse(200, request.body.length));
  const head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
  assertStringIncludes(await raw(server, `${head}ab`), "100 Continue\r\n\r\nHTTP/1.1 200");
});

const MALFORMED = [
  "what is this\r\n\r\n",
  "GET http://elsewhere/ HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\r\nno colon\r\n\r\n",
  "POST / HTTP/1.1\r\nContent-Length: lots\r\n\r\n",
  "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
  `GET / HTTP/1.1\r\nX: ${"y".repeat(70_000)}`,
  `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
];

for (const text of MALFORMED) {
  Deno.test(`HttpServer refuses ${JSON.stringify(text.slice(0, 50))}`, async () => {
    await using server = await start(() => jsonResponse(200, 1));
    assertStringIncludes(await raw(server, text), "400 Bad Request");
  });
}

Deno.test("HttpServer answers 500 and reports a failing handler", async () => {
  crashes.length = 0;
  await using server = await start(() => {
    throw new Error("mine");
  });
  const response = await fetch(server.origin);
  assertEquals([response.status, await response.json()], [500, { message: "An unexpected error occurred", error: {} }]);
  assertEquals((crashes[0] as Error).message, "mine");
});

Deno.test("HttpServer resets a connection at a byte", async () => {
  await using server = await start(broken({ cut: { how: "reset", at: 50_000 } }));
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(server.origin).port) });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  await assertRejects(() => new Response(connection.readable).text(), Error, "reset");
});

Deno.test("HttpServer closes cleanly after less than it announced", async () => {
  await using server = await start(broken({ cut: { how: "truncate", at: 50_000 } }));
  const answer = await raw(server, "GET / HTTP/1.1\r\n\r\n");
  assertStringIncludes(answer, "Content-Length: 100000\r\n");
  assertEquals(answer.split("\r\n\r\n")[1]?.length, 50_000);
});

Deno.test("HttpServer stalls at a byte until the client leaves", async () => {
  await using server = await start(broken({ cut: { how: "stall", at: 20_000 } }));
  const response = await fetch(server.origin);
  const reader = response.body!.getReader();
  let received = 0;
  while (received < 20_000) received += (await reader.read()).value?.length ?? 0;
  assertEquals(received, 20_000);
  const next = reader.read().then(() => "more");
  // Another exchange completes while nothing arrives here.
  await (await fetch(`${server.origin}/other`)).body?.cancel();
  assertEquals(await Promise.race([next, Promise.resolve("nothing")]), "nothing");
  await reader.cancel();
});

Deno.test("HttpServer sends a body unchanged that ends before the byte", async () => {
  await using server = await start(broken({ cut: { how: "reset", at: 100_000 }, corruptAt: 100_000 }));
  assertEquals(await (await fetch(server.origin)).text(), "x".repeat(100_000));
});

Deno.test("HttpServer cuts and corrupts at a fraction", async () => {
  await using cutting = await start(broken({ cut: { how: "truncate", at: 0.25 } }));
  assertEquals((await raw(cutting, "GET / HTTP/1.1\r\n\r\n")).split("\r\n\r\n")[1]?.length, 25_000);
  await using corrupting = await start(broken({ corruptAt: 0.5 }));
  const text = await (await fetch(corrupting.origin)).text();
  assertEquals([text.length, text.replaceAll("x", ""), text.indexOf("X")], [100_000, "X", 50_000]);
});

Deno.test("HttpServer paces by its clock", async () => {
  const clock = new FakeClock();
  await using server = await start(broken({ delayMs: 250, bytesPerSecond: 20_000 }), clock);
  assertEquals((await (await fetch(server.origin)).text()).length, 100_000);
  assertEquals(clock.sleeps[0], 250);
  const paced = clock.sleeps.slice(1).reduce((sum, ms) => sum + ms, 0);
  assert(Math.abs(paced - 5000) < 1, `${paced}`);
});

Deno.test("HttpServer sends a body in small pieces", async () => {
  const clock = new FakeClock();
  await using server = await start(broken({ sip: { ms: 7, chunkBytes: 30_000 } }), clock);
  assertEquals((await (await fetch(server.origin)).text()).length, 100_000);
  assertEquals(clock.sleeps, [7, 7, 7, 7]);
});

Deno.test("HttpServer reports the end of a response, however it ended", async () => {
  const over = Promise.withResolvers<void>();
  await using server = await start(() => ({
    ...broken({ cut: { how: "stall", at: 10 } })({} as HttpRequest) as HttpResponse,
    onEnd: over.resolve,
  }));
  const response = await fetch(server.origin);
  await response.body?.cancel();
  await over.promise;
});

Deno.test("HttpServer.close() breaks open connections and leaves nothing", async () => {
  const server = await start(broken({ cut: { how: "stall", at: 10 } }));
  const response = await fetch(server.origin);
  await server.close();
  await assertRejects(() => response.text());
  await assertRejects(() => fetch(server.origin), TypeError);
});

Deno.test("HttpServer.start() refuses a port in use", async () => {
  await using server = await start(() => jsonResponse(200, 1));
  const port = Number(new URL(server.origin).port);
  const options = { port, clock: systemClock, handle: () => jsonResponse(200, 1) };
  await assertRejects(
    () => HttpServer.start({ ...options, onCrash: () => {}, onConnection: () => {} }),
    Error,
    "in use",
  );
});
