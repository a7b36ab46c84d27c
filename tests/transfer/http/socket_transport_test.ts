import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { createSocketTransport, type SocketTransport } from "../../../lib/transfer/mod.ts";
import { always, type RawConnection, type RawServer, serveRaw } from "../../helpers/servers/raw_server.ts";
import { readAll } from "../_read_all.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Fetch once and read all. */
async function get(transport: SocketTransport, server: Pick<RawServer, "url">): Promise<string> {
  await using answer = await transport.send(server.url, { headers: {}, signal: never() });
  return await readAll(answer);
}

/** Fetch once from a server that sends one text and then closes. */
async function getFrom(text: string): Promise<string> {
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(text);
  });
  using transport = createSocketTransport();
  return await get(transport, server);
}

Deno.test("createSocketTransport() sends one GET with host and the caller's headers only", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport();
  await using answer = await transport.send(server.url, { headers: { Range: "bytes=5-" }, signal: never() });
  assertEquals([answer.status, answer.headers.get("content-length")], [200, "5"]);
  assertEquals(await readAll(answer), "hello");
  assertEquals(server.requests, [
    `GET /file?key=secret HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\nrange: bytes=5-\r\n\r\n`,
  ]);
});

Deno.test("createSocketTransport() sends its user agent unless the request has one", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport({ userAgent: "ours/1" });
  await get(transport, server);
  await using answer = await transport.send(server.url, { headers: { "User-Agent": "mine/2" }, signal: never() });
  await readAll(answer);
  assertEquals(server.requests.map((text) => /user-agent: (.*)\r/.exec(text)?.[1]), ["ours/1", "mine/2"]);
});

for (
  const headers of [{ "a b": "1" }, { "": "1" }, { x: "1\r\ny: 2" }, { x: "\u3042" }, { host: "x" }, {
    "Content-Length": "5",
  }, { x: "1", X: "2" }] as Record<string, string>[]
) {
  Deno.test(`createSocketTransport() refuses to send ${JSON.stringify(headers)}`, async () => {
    using transport = createSocketTransport();
    await assertRejects(() => transport.send("http://127.0.0.1:1/", { headers, signal: never() }), TypeError);
  });
}

for (const url of ["nonsense", "ftp://127.0.0.1/", "http://user:word@127.0.0.1:1/"]) {
  Deno.test(`createSocketTransport() refuses the URL ${url}`, async () => {
    using transport = createSocketTransport();
    const error = await assertRejects(() => transport.send(url, { headers: {}, signal: never() }), TypeError);
    assertEquals(error.message.includes("word"), false);
  });
}

for (
  const [what, text, body] of [
    ["a length", OK, "hello"],
    ["a length of nothing", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", ""],
    ["chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello"],
    ["the connection's end", "HTTP/1.1 200 OK\r\n\r\nhello", "hello"],
    ["the connection's end in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", "hello"],
    ["no body", "HTTP/1.1 204 No Content\r\n\r\n", ""],
    ["interim answers", `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}`, "hello"],
    ["a long head", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(60_000)}\r\ncontent-length: 5\r\n\r\nhello`, "hello"],
  ] as const
) {
  Deno.test(`createSocketTransport() reads a body framed by ${what}`, async () => {
    assertEquals(await getFrom(text), body);
  });
}

Deno.test("createSocketTransport() returns one length if the server repeats it", async () => {
  await using server = serveRaw(always(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n${OK.slice(17)}`));
  using transport = createSocketTransport();
  await using answer = await transport.send(server.url, { headers: {}, signal: never() });
  assertEquals([answer.headers.get("content-length"), await readAll(answer)], ["5", "hello"]);
});

Deno.test("createSocketTransport() reads a response that arrives byte by byte into buffers of any size", async () => {
  const text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nx: y\r\n\r\n";
  await using server = serveRaw(async (connection) => {
    while (await connection.request() !== null) for (const char of text) await connection.send(char);
  });
  using transport = createSocketTransport();
  for (const pieceBytes of [1, 2, 100]) {
    await using answer = await transport.send(server.url, { headers: {}, signal: never() });
    assertEquals(await readAll(answer, pieceBytes), "hello");
  }
  assertEquals(server.connections, 1);
});

for (
  const [what, text, failure] of [
    ["no answer", "", "connection"],
    ["half a head", "HTTP/1.1 200 OK\r\ncont", "connection"],
    ["half a body", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello", "connection"],
    ["half a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhello", "connection"],
    ["no last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", "connection"],
    ["no end of the trailer", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "connection"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "server"],
    ["bare line feeds", "HTTP/1.1 200 OK\ncontent-length: 5\n\nhello", "server"],
    ["a broken chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "server"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!", "server"],
    ["a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", "server"],
    ["interim answers without end", "HTTP/1.1 100 \r\n\r\n".repeat(9) + OK, "server"],
    ["a head without end", `HTTP/1.1 200 OK\r\n${"x: 1\r\n".repeat(20_000)}`, "server"],
    ["a line without end", `HTTP/1.1 200 OK\r\nx: ${"1".repeat(100_000)}`, "server"],
  ] as const
) {
  Deno.test(`createSocketTransport() fails with "${failure}" for ${what}, and shows no query`, async () => {
    const error = await assertRejects(() => getFrom(text), FailureError);
    assertEquals(error.failure, failure);
    assertMatch(error.message, /^Cannot fetch from "127\.0\.0\.1:\d+": [a-z]/);
    assertEquals(error.message.includes("secret"), false);
  });
}

for (
  const [what, text] of [
    ["a bare line feed", "HTTP/1.1 200 OK\ncontent-length: 5\n\nhello"],
    ["a head above its limit", `HTTP/1.1 200 OK\r\n${"x: 1\r\n".repeat(20_000)}`],
    ["a chunk's size above its limit", `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${"0".repeat(2000)}`],
  ] as const
) {
  Deno.test(`createSocketTransport() refuses ${what} without waiting for the rest`, async () => {
    await using server = serveRaw(async (connection) => {
      await connection.request();
      await connection.send(text);
      await connection.request();
    });
    using transport = createSocketTransport();
    await assertRejects(() => get(transport, server), FailureError, "is not valid HTTP");
  });
}

Deno.test("createSocketTransport() reuses a connection after any body framing", async () => {
  const answers = [
    OK,
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
    "HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 5\r\n\r\nhello",
    "HTTP/1.1 204 No Content\r\n\r\n",
  ];
  await using server = serveRaw(async (connection) => {
    for (let count = 0; await connection.request() !== null; count++) {
      await connection.send(answers[count % answers.length]!);
    }
  });
  using transport = createSocketTransport();
  for (let round = 0; round < 10; round++) {
    await get(transport, server);
    assertEquals(transport.openConnections, 1);
  }
  assertEquals(server.connections, 1);
});

for (
  const [what, text] of [
    ["the server says close", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\ncontent-length: 5\r\n\r\nhello"],
    ["the server speaks HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello"],
    ["more came than the length", `${OK}HTTP/1.1 200 OK\r\n\r\n`],
    ["more came than the chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore"],
    ["a body came where none may be", "HTTP/1.1 204 OK\r\ncontent-length: 5\r\n\r\n"],
    ["no more requests are wanted", "HTTP/1.1 200 OK\r\nkeep-alive: timeout=5, max=0\r\ncontent-length: 0\r\n\r\n"],
    ["the connection may not rest", "HTTP/1.1 200 OK\r\nkeep-alive: timeout=0\r\ncontent-length: 0\r\n\r\n"],
  ] as const
) {
  Deno.test(`createSocketTransport() closes a connection when ${what}`, async () => {
    await using server = serveRaw(always(text));
    using transport = createSocketTransport();
    await get(transport, server);
    assertEquals(transport.openConnections, 0);
    await get(transport, server);
    assertEquals(server.connections, 2);
  });
}

Deno.test("createSocketTransport() retries once on a new connection if an idle one is dead", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(OK);
    // The request is read, and the connection closed without a response.
    if (connection.index === 0) await connection.request();
  });
  using transport = createSocketTransport();
  assertEquals([await get(transport, server), await get(transport, server)], ["hello", "hello"]);
  assertEquals([server.connections, server.requests.length], [2, 3]);
});

Deno.test("createSocketTransport() does not retry after a byte of the response", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(OK);
    await connection.request();
    await connection.send("H");
  });
  using transport = createSocketTransport();
  await get(transport, server);
  await assertRejects(() => get(transport, server), FailureError, "ended within the head");
  assertEquals(server.connections, 1);
});

Deno.test("createSocketTransport() does not retry if a new connection fails", async () => {
  await using server = serveRaw(async (connection) => void await connection.request());
  using transport = createSocketTransport();
  await assertRejects(() => get(transport, server), FailureError, "ended without a response");
  assertEquals(server.connections, 1);
});

/** Wait for an effect of the network. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

Deno.test("createSocketTransport() detects at once that a server closes an idle connection", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(OK);
    await promise;
  });
  using transport = createSocketTransport();
  await get(transport, server);
  assertEquals(transport.openConnections, 1);
  resolve();
  await until(() => transport.openConnections === 0);
});

Deno.test("createSocketTransport() drops an idle connection on which the server sends data", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection) => {
    await connection.request();
    await connection.send(OK);
    if (connection.index > 0) return;
    await promise;
    await connection.send("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n");
    await connection.request();
  });
  using transport = createSocketTransport();
  await get(transport, server);
  resolve();
  await until(() => transport.openConnections === 0);
  assertEquals(await get(transport, server), "hello");
});

Deno.test("createSocketTransport() keeps idle connections no longer than configured", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport({ idleMs: 5 });
  await get(transport, server);
  await until(() => transport.openConnections === 0);
});

Deno.test("createSocketTransport() keeps idle connections no longer than the server allows", async () => {
  await using server = serveRaw(always("HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n"));
  using transport = createSocketTransport();
  await get(transport, server);
  assertEquals(transport.openConnections, 1);
  await until(() => transport.openConnections === 0);
});

Deno.test("createSocketTransport() keeps no more idle connections than configured", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport({ maxIdlePerOrigin: 2 });
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => transport.send(server.url, { headers: {}, signal: never() })),
  );
  assertEquals([transport.openConnections, server.connections], [4, 4]);
  for (const answer of answers) await readAll(answer);
  assertEquals(transport.openConnections, 2);
  await get(transport, server);
  assertEquals(server.connections, 4);
});

Deno.test("createSocketTransport() releases the connection with the last byte, before the response is disposed", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport();
  await using first = await transport.send(server.url, { headers: {}, signal: never() });
  assertEquals(await first.read(new Uint8Array(5)), 5);
  assertEquals(await get(transport, server), "hello");
  assertEquals([await first.read(new Uint8Array(5)), server.connections], [null, 1]);
});

Deno.test("createSocketTransport() drains a short rest of a disposed body and reuses the connection", async () => {
  const bodies = [OK, "HTTP/1.1 302 Found\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"];
  for (const text of bodies) {
    await using server = serveRaw(always(text));
    using transport = createSocketTransport();
    const answer = await transport.send(server.url, { headers: {}, signal: never() });
    await answer[Symbol.asyncDispose]();
    await answer[Symbol.asyncDispose]();
    assertEquals(transport.openConnections, 1);
  }
});

for (
  const [what, text] of [
    ["long", "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nhello"],
    ["that does not come", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"],
    ["without a length", "HTTP/1.1 200 OK\r\n\r\nhello"],
  ] as const
) {
  Deno.test(`createSocketTransport() closes the connection of a disposed body with a rest ${what}`, async () => {
    await using server = serveRaw(always(text));
    using transport = createSocketTransport();
    const answer = await transport.send(server.url, { headers: {}, signal: never() });
    await answer[Symbol.asyncDispose]();
    assertEquals(transport.openConnections, 0);
    await assertRejects(() => answer.read(new Uint8Array(5)));
  });
}

Deno.test("createSocketTransport() opens a connection ahead for the next request", async () => {
  await using server = serveRaw(always(OK));
  using transport = createSocketTransport();
  await transport.warm(server.url);
  assertEquals([transport.openConnections, server.requests.length], [1, 0]);
  assertEquals(await get(transport, server), "hello");
  assertEquals(server.connections, 1);
});

Deno.test("createSocketTransport() closes all connections when disposed, and opens none after", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection: RawConnection) => {
    await connection.request();
    await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello");
    await promise;
  });
  const transport = createSocketTransport();
  await transport.warm(server.url);
  const answer = await transport.send(server.url, { headers: {}, signal: never() });
  const reading = assertRejects(() => readAll(answer), FailureError);
  transport[Symbol.dispose]();
  assertEquals(transport.openConnections, 0);
  await reading;
  await assertRejects(() => transport.warm(server.url), FailureError, "the transport was closed");
  resolve();
});

Deno.test("createSocketTransport() connects to IPv6 literals", async () => {
  await using server = serveRaw(always(OK), { hostname: "::1" });
  using transport = createSocketTransport();
  assertEquals(await get(transport, server), "hello");
  assertMatch(server.requests[0]!, new RegExp(`\r\nhost: \\[::1\\]:${server.port}\r\n`));
});

Deno.test("createSocketTransport() omits default ports from host and connects to them", async () => {
  const asked: unknown[] = [];
  using transport = createSocketTransport({
    connect({ hostname, port }) {
      asked.push([hostname, port]);
      return Promise.reject(new Deno.errors.ConnectionRefused("no"));
    },
  });
  const ask = (url: string) => assertRejects(() => transport.send(url, { headers: {}, signal: never() }), FailureError);
  assertEquals(
    (await ask("http://h.example:80/?a=secret")).message,
    'Cannot fetch from "h.example": the connection was refused',
  );
  await ask("https://h.example/");
  await ask("http://[2001:db8::1]:81/");
  assertEquals(asked, [["h.example", 80], ["h.example", 443], ["2001:db8::1", 81]]);
});

Deno.test("createSocketTransport() checks the resolved address and sends nothing if it is refused", async () => {
  const heard: (string | null)[] = [];
  const asked: string[] = [];
  {
    await using server = serveRaw(async (connection) => void heard.push(await connection.request()));
    const refusal = new FailureError("refused-host", "Cannot fetch: no");
    using transport = createSocketTransport({
      // Addresses that a hostile name server may return.
      connect: ({ port, signal }) => Deno.connect({ hostname: "127.0.0.1", port, signal }),
      checkPeer(url, address) {
        asked.push(`${url.hostname} ${address}`);
        throw refusal;
      },
    });
    const url = `http://b2.civitai.com:${server.port}/file`;
    const sent = transport.send(url, { headers: { authorization: "secret" }, signal: never() });
    assertEquals(await sent.catch((error) => error), refusal);
    assertEquals(await transport.warm(url).catch((error) => error), refusal);
    assertEquals(transport.openConnections, 0);
  }
  assertEquals(asked, ["b2.civitai.com 127.0.0.1", "b2.civitai.com 127.0.0.1"]);
  assertEquals(heard.filter((request) => request !== null), []);
});

Deno.test("createSocketTransport() fails only for the host that the runtime denies", async () => {
  const barred = () => Promise.reject(new Deno.errors.NotCapable('Requires net access to "files.example:443"'));
  using transport = createSocketTransport({ connect: barred });
  const sent = () => transport.send("https://files.example/x?Signature=s3cr3t", { headers: {}, signal: never() });
  const error = await assertRejects(sent, FailureError, 'Cannot fetch from "files.example": this process may not');
  assertEquals([error.failure, error.retryable, error.hint?.includes("--allow-net")], ["refused-host", false, true]);
});
