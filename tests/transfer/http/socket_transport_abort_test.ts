import { assert, assertEquals, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { createSocketTransport } from "../../../lib/transfer/mod.ts";
import { CA, type RawConnection, serveRaw } from "../../helpers/servers/raw_server.ts";
import { readAll } from "../_read_all.ts";

const REASON = new Error("enough");

/** Call `act` once the condition holds; waits no longer than the network takes. */
async function when(condition: () => boolean, act: () => void): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
  act();
}

/** A connection that is never established, but can be aborted. */
function hang({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

Deno.test("an abort before the request opens no connection", async () => {
  using transport = createSocketTransport({ connect: () => Promise.reject(new Error("must not connect")) });
  const signal = AbortSignal.abort(REASON);
  assertEquals(await assertRejects(() => transport.send("http://h.example/", { headers: {}, signal })), REASON);
});

Deno.test("an abort ends the connection attempt", async () => {
  using transport = createSocketTransport({ connect: hang });
  const stop = new AbortController();
  const failing = assertRejects(() => transport.send("http://h.example/", { headers: {}, signal: stop.signal }));
  stop.abort(REASON);
  assertEquals(await failing, REASON);
});

Deno.test("an abort closes a connection that is established anyway", async () => {
  await using server = serveRaw(async (connection) => void await connection.request());
  const stop = new AbortController();
  using transport = createSocketTransport({
    async connect({ hostname, port }) {
      const socket = await Deno.connect({ hostname, port });
      stop.abort(REASON);
      return socket;
    },
  });
  const error = await assertRejects(() => transport.send(server.url, { headers: {}, signal: stop.signal }));
  assertEquals([error, transport.openConnections], [REASON, 0]);
});

Deno.test("an abort ends the TLS handshake", async () => {
  // It accepts the client's hello and sends nothing.
  await using server = serveRaw(async (connection) => void await connection.request());
  using transport = createSocketTransport();
  const stop = new AbortController();
  const url = server.url.replace("http:", "https:");
  const failing = assertRejects(() => transport.send(url, { headers: {}, signal: stop.signal }));
  await when(() => server.connections === 1, () => stop.abort(REASON));
  assertEquals([await failing, transport.openConnections], [REASON, 0]);
});

for (
  const [where, text] of [
    ["before the head", ""],
    ["within the head", "HTTP/1.1 200 OK\r\ncontent"],
    ["between interim answers", "HTTP/1.1 100 Continue\r\n\r\n"],
  ] as const
) {
  for (const isSecure of [false, true]) {
    Deno.test(`an abort ${where} ends the request${isSecure ? ", over TLS" : ""}`, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await using server = serveRaw(async (connection) => {
        await connection.request();
        await connection.send(text);
        resolve();
        await connection.request();
      }, { isSecure });
      using transport = createSocketTransport({ caCerts: [CA] });
      const stop = new AbortController();
      const failing = assertRejects(() => transport.send(server.url, { headers: {}, signal: stop.signal }));
      await promise;
      stop.abort(REASON);
      assertEquals([await failing, transport.openConnections], [REASON, 0]);
    });
  }
}

for (
  const [framing, text] of [
    ["a length", "content-length: 9\r\n\r\nhello"],
    ["chunks", "transfer-encoding: chunked\r\n\r\n9\r\nhello"],
    ["the connection's end", "\r\nhello"],
  ] as const
) {
  for (const isSecure of [false, true]) {
    Deno.test(`an abort during a body framed by ${framing} ends the read${isSecure ? ", over TLS" : ""}`, async () => {
      const act = async (connection: RawConnection): Promise<void> => {
        await connection.request();
        await connection.send(`HTTP/1.1 200 OK\r\n${text}`);
        await connection.request();
      };
      await using server = serveRaw(act, { isSecure });
      using transport = createSocketTransport({ caCerts: [CA] });
      const stop = new AbortController();
      await using answer = await transport.send(server.url, { headers: {}, signal: stop.signal });
      const target = new Uint8Array(5);
      for (let count = 0; count < 5;) count += (await answer.read(target))!;
      const failing = assertRejects(() => answer.read(target));
      stop.abort(REASON);
      assertEquals([await failing, transport.openConnections], [REASON, 0]);
      assertEquals(await assertRejects(() => answer.read(target)), REASON);
    });
  }
}

Deno.test("an abort after the last byte keeps the connection reusable", async () => {
  await using server = serveRaw(async (connection) => {
    while (await connection.request() !== null) {
      await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    }
  });
  using transport = createSocketTransport();
  const stop = new AbortController();
  await using answer = await transport.send(server.url, { headers: {}, signal: stop.signal });
  assertEquals(await readAll(answer), "hello");
  stop.abort(REASON);
  assertEquals(transport.openConnections, 1);
});

Deno.test("connectTimeoutMs limits the connection attempt and is reported", async () => {
  using transport = createSocketTransport({ connect: hang });
  const { signal } = new AbortController();
  const error = await assertRejects(
    () => transport.send("http://h.example/?key=secret", { headers: {}, signal, connectTimeoutMs: 10 }),
    FailureError,
  );
  assertEquals(error.failure, "timeout");
  assertEquals(error.message, 'Cannot fetch from "h.example": no connection within 0.01 s');
});

Deno.test("tlsTimeoutMs limits the handshake and is reported", async () => {
  await using server = serveRaw(async (connection) => void await connection.request());
  using transport = createSocketTransport();
  const url = server.url.replace("http:", "https:");
  const error = await assertRejects(() => transport.warm(url, { tlsTimeoutMs: 10 }), FailureError);
  assertEquals(error.failure, "timeout");
  assert(error.message.endsWith("no TLS handshake within 0.01 s"), error.message);
  assertEquals(transport.openConnections, 0);
});

Deno.test("timeouts that are met leave no timer behind", async () => {
  await using server = serveRaw(async (connection) => void await connection.request(), { isSecure: true });
  using transport = createSocketTransport({ caCerts: [CA] });
  await transport.warm(server.url, { connectTimeoutMs: 60_000, tlsTimeoutMs: 60_000 });
  assertEquals(transport.openConnections, 1);
});
