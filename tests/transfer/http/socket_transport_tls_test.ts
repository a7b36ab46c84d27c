import { assertEquals, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { createSocketTransport, type SocketTransport } from "../../../lib/transfer/mod.ts";
import { always, CA, serveRaw } from "../../helpers/servers/raw_server.ts";
import { readAll } from "../_read_all.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

async function get(transport: SocketTransport, url: string): Promise<string> {
  await using answer = await transport.send(url, { headers: {}, signal: new AbortController().signal });
  return await readAll(answer);
}

Deno.test("createSocketTransport() uses TLS and reuses the connection", async () => {
  await using server = serveRaw(always(OK), { isSecure: true });
  using transport = createSocketTransport({ caCerts: [CA] });
  await transport.warm(server.url);
  assertEquals([await get(transport, server.url), await get(transport, server.url)], ["hello", "hello"]);
  assertEquals(await get(transport, server.url.replace("127.0.0.1", "localhost")), "hello");
  assertEquals(server.connections, 2);
});

Deno.test("createSocketTransport() uses TLS with IPv6 literals", async () => {
  await using server = serveRaw(always(OK), { isSecure: true, hostname: "::1" });
  using transport = createSocketTransport({ caCerts: [CA] });
  assertEquals(await get(transport, server.url), "hello");
});

Deno.test("createSocketTransport() offers only HTTP/1.1 and sends no server name for a literal", async () => {
  const asked: unknown[] = [];
  await using server = serveRaw(always(OK), { isSecure: true });
  using transport = createSocketTransport({
    caCerts: [CA],
    startTls(socket, options) {
      asked.push(options);
      return Deno.startTls(socket as Deno.TcpConn, options);
    },
  });
  await get(transport, server.url);
  assertEquals(asked, [{ hostname: "127.0.0.1", alpnProtocols: ["http/1.1"], caCerts: [CA] }]);
});

Deno.test("createSocketTransport() refuses an untrusted certificate", async () => {
  await using server = serveRaw(always(OK), { isSecure: true });
  using transport = createSocketTransport();
  const error = await assertRejects(() => get(transport, server.url), FailureError);
  assertEquals([error.failure, error.retryable, error.message.includes("secret")], ["tls", false, false]);
  assertEquals([transport.openConnections, server.requests.length], [0, 0]);
});

Deno.test("createSocketTransport() refuses a certificate of another name", async () => {
  await using server = serveRaw(always(OK), { isSecure: true });
  using transport = createSocketTransport({
    caCerts: [CA],
    startTls: (socket, options) => Deno.startTls(socket as Deno.TcpConn, { ...options, hostname: "other.example" }),
  });
  const error = await assertRejects(() => get(transport, server.url), FailureError, "not valid for name");
  assertEquals([error.failure, server.requests.length], ["tls", 0]);
});

Deno.test("createSocketTransport() fails with tls if the server does not use TLS", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    await connection.request();
  });
  using transport = createSocketTransport();
  const error = await assertRejects(() => get(transport, server.url.replace("http:", "https:")), FailureError);
  assertEquals([error.failure, transport.openConnections], ["tls", 0]);
});

Deno.test("createSocketTransport() fails with connection if the server closes during the handshake", async () => {
  await using server = serveRaw(() => Promise.resolve());
  using transport = createSocketTransport();
  const error = await assertRejects(() => get(transport, server.url.replace("http:", "https:")), FailureError);
  assertEquals([error.failure, transport.openConnections], ["connection", 0]);
});

Deno.test("createSocketTransport() leaves nothing open if TLS cannot start", async () => {
  await using server = serveRaw(async (connection) => void await connection.request());
  using transport = createSocketTransport({ startTls: () => Promise.reject(new Deno.errors.NotCapable("no")) });
  await assertRejects(() => get(transport, server.url.replace("http:", "https:")), Deno.errors.NotCapable);
  assertEquals(transport.openConnections, 0);
});

/** A TLS server behind a line that breaks `count` bytes into the response, without close_notify. */
async function getOverBrokenLine(text: string): Promise<string> {
  const sent = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(text);
    sent.resolve();
    await connection.request();
  }, { isSecure: true });
  const line = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const carry = (async () => {
    using client = await line.accept();
    using behind = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const up = client.readable.pipeTo(behind.writable).catch(() => {});
    const buffer = new Uint8Array(65_536);
    let isSent = false;
    sent.promise.then(() => isSent = true);
    // Forward everything, then break: the response is one record, far smaller than the buffer.
    for (let count; !isSent && (count = await behind.read(buffer)) !== null;) {
      await client.write(buffer.subarray(0, count));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return { up };
  })();
  using transport = createSocketTransport({ caCerts: [CA] });
  try {
    return await get(transport, server.url.replace(String(server.port), String(line.addr.port)));
  } finally {
    await (await carry).up;
    line.close();
  }
}

for (
  const [framing, text] of [
    ["the connection's end", "HTTP/1.1 200 OK\r\n\r\nhello"],
    ["a length", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"],
  ] as const
) {
  Deno.test(`createSocketTransport() does not treat a broken TLS connection as the end of a body framed by ${framing}`, async () => {
    const error = await assertRejects(() => getOverBrokenLine(text), FailureError);
    assertEquals([error.failure, error.retryable], ["connection", true]);
  });
}

Deno.test("createSocketTransport() treats a TLS close_notify as the end of a body without a length", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
  }, { isSecure: true });
  using transport = createSocketTransport({ caCerts: [CA] });
  assertEquals(await get(transport, server.url), "hello");
});
